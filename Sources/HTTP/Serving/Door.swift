import Basics
import Glibc
import Synchronization

/// A unix socket that is listened on, and that is bound again when its file was removed or replaced.
///
/// `@unchecked Sendable`: the socket is touched on the thread of its loop only, and before that runs.
final class Door: @unchecked Sendable {
  /// Which file the socket was bound to; it exists as long as the socket does, so no other can have its number.
  private struct Place: Equatable {
    let device: dev_t
    let inode: ino_t

    init?(_ path: String) {
      var status = stat()
      guard lstat(path, &status) == 0 else { return nil }
      device = status.st_dev
      inode = status.st_ino
    }
  }

  let path: String
  private let service: Service
  private let loop: EventLoop
  private let place: Mutex<Place?>
  private var socket: Socket

  init(_ path: String, _ socket: Socket, _ service: Service) {
    self.path = path
    self.socket = socket
    self.service = service
    loop = socket.loop
    place = Mutex(Place(path))
  }

  /// True when the socket's file was gone or another's and has been bound again, false when it is where it was; throws when
  /// another process listens there, or the file cannot be made.
  func mend() throws -> Bool {
    try place.withLock { place in
      guard Place(path) != place else { return false }
      let descriptors = try Listener.open(.unix(path: path), count: 1).descriptors
      place = Place(path)
      for descriptor in descriptors { loop.spawnFromOutside { [self] in await listen(descriptor) } }
      return true
    }
  }

  /// Removes the file, unless another server has bound its own there meanwhile.
  func remove() {
    place.withLock { place in
      if place != nil && Place(path) == place { unlink(path) }
    }
  }

  /// Takes the place of the socket that nobody can reach any more.
  private func listen(_ descriptor: Int32) async {
    guard !loop.isDraining, let next = try? Socket(descriptor, on: loop) else {
      close(descriptor)
      return
    }
    socket.cancel()
    socket = next
    await Acceptor(next, service, isUnix: true).run()
  }
}
