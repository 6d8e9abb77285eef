import Basics
import Glibc

/// A file that holds nothing but room: on a full disk it goes first, so that the database can still delete and end jobs.
///
/// SQLite cannot even delete a row, or shorten its log, when it cannot write one page more.
struct Ballast: Sendable {
  static let size: Int64 = 16 << 20

  let path: String

  /// Bytes that are held ready.
  var bytes: Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }

  /// Takes the room unless it is there; a disk that has too little keeps what it has.
  func make() {
    guard bytes != Ballast.size else { return }
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if posix_fallocate(descriptor, 0, off_t(Ballast.size)) != 0 { unlink(path) }
  }

  /// Gives the room back; false when there was none to give.
  func release() -> Bool { unlink(path) == 0 }
}
