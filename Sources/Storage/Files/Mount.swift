import Basics
import Glibc

/// The mount that a place is on, as `/proc/self/mountinfo` (proc_pid_mountinfo(5)) describes it to this process.
struct Mount: Equatable {
  /// True when this process finds it read-only here.
  let isReadOnly: Bool
  /// True when the file system itself is read-only, for everybody.
  let isReadOnlyForAll: Bool

  /// O_PATH, which the C library names for GNU sources only: a folder need not be readable to be looked at.
  private static let pathOnly: Int32 = 0o10_000_000

  /// The mount of an existing path; nil when the system does not tell.
  init?(of path: String) {
    let descriptor = open(path, Mount.pathOnly | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let facts = try? FileBytes.read("/proc/self/fdinfo/\(descriptor)", atMost: 4096),
      let mounts = try? FileBytes.read("/proc/self/mountinfo", atMost: 4 << 20),
      let line = String(decoding: facts, as: UTF8.self).split(separator: "\n").first(where: { $0.hasPrefix("mnt_id:") }
      ),
      let number = line.split(whereSeparator: { $0 == "\t" || $0 == " " }).last
    else { return nil }
    self.init(number: String(number), in: String(decoding: mounts, as: UTF8.self))
  }

  /// The mount with a number in a text of the system.
  init?(number: String, in text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      guard words.first == Substring(number), words.count > 6, let dash = words[6...].firstIndex(of: "-"),
        words.indices.contains(dash + 3)
      else { continue }
      isReadOnly = words[5].split(separator: ",").contains("ro")
      isReadOnlyForAll = words[dash + 3].split(separator: ",").contains("ro")
      return
    }
    return nil
  }
}
