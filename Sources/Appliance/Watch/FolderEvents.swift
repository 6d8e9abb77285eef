import Basics
import CSystem
import Glibc

/// What the kernel tells of files that were written into folders, moved there, or opened to others (inotify(7)).
final class FolderEvents: Sendable {
  enum Event {
    /// It was written or moved there; what only got another mode or owner may not be whole.
    case file(folder: Int, name: String, isWhole: Bool)
    /// Events were lost: everything has to be looked at.
    case lost
    /// A folder itself is gone or is called something else.
    case gone(folder: Int)
  }

  private static let changedAccess: UInt32 = 0x4
  private static let closedAfterWriting: UInt32 = 0x8
  private static let movedHere: UInt32 = 0x80
  private static let goneItself: UInt32 = 0x400 | 0x800 | 0x2000 | 0x8000
  private static let overflow: UInt32 = 0x4000
  /// The head of an event: watch, mask, cookie, and how many bytes of name follow.
  private static let head = 16

  private let descriptor: Int32
  private let stopper: Int32
  /// The folder of each watch.
  private let folders: [Int32: Int]

  init(_ paths: [String]) throws(SystemFailure) {
    let descriptor = try check("inotify_init1") { inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC)) }
    var folders: [Int32: Int] = [:]
    for (index, path) in paths.enumerated() {
      // Many programs allow others to read a file only when they have closed it.
      let mask =
        FolderEvents.changedAccess | FolderEvents.closedAfterWriting | FolderEvents.movedHere | 0x400 | 0x800
      let watch = try check("inotify_add_watch", path) {
        inotify_add_watch(descriptor, SystemText.cString(path), mask)
      }
      folders[watch] = index
    }
    self.descriptor = descriptor
    self.folders = folders
    stopper = try check("eventfd") { eventfd(0, Int32(O_NONBLOCK | O_CLOEXEC)) }
  }

  deinit {
    close(descriptor)
    close(stopper)
  }

  /// Ends a wait, now or later.
  func wake() { eventfd_write(stopper, 1) }

  /// Waits for as long as is said, in milliseconds, and gives what came.
  func wait(_ milliseconds: Int32) -> [Event] {
    var polled = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: stopper, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&polled, 2, milliseconds) > 0 else { return [] }
    var count: eventfd_t = 0
    if polled[1].revents != 0 { eventfd_read(stopper, &count) }
    var events: [Event] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return events }
      var place = 0
      while place + FolderEvents.head <= count {
        let (watch, mask, length) = buffer.withUnsafeBytes { bytes in
          (
            bytes.loadUnaligned(fromByteOffset: place, as: Int32.self),
            bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self),
            Int(bytes.loadUnaligned(fromByteOffset: place + 12, as: UInt32.self))
          )
        }
        let name = buffer[(place + FolderEvents.head)..<min(count, place + FolderEvents.head + length)]
        place += FolderEvents.head + length
        if mask & FolderEvents.overflow != 0 {
          events.append(.lost)
        } else if let folder = folders[watch] {
          if mask & FolderEvents.goneItself != 0 {
            events.append(.gone(folder: folder))
          } else {
            events.append(
              .file(
                folder: folder, name: SystemText.text(bytes: Array(name.prefix { $0 != 0 })),
                isWhole: mask & FolderEvents.changedAccess == 0))
          }
        }
      }
    }
  }
}
