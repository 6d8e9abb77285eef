import Basics
import Glibc

/// A file opened for reading; closed when the last owner lets go of it.
package final class OpenFile: Sendable {
  package let descriptor: Int32
  /// Bytes, when it was opened.
  package let size: Int64
  private let keeper: (any Sendable)?

  /// Opens a regular file; throws `SystemFailure`.
  package convenience init(path: String, keeper: (any Sendable)? = nil) throws {
    try self.init(descriptor: check("open", path) { open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }, keeper: keeper)
  }

  /// Takes over a descriptor that somebody else opened, for example below a directory.
  ///
  /// `keeper` is let go of with the file, which an answer holds until its end.
  package init(descriptor: Int32, keeper: (any Sendable)? = nil) throws {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw SystemFailure("open", "a file that is not regular", code: EINVAL)
    }
    self.descriptor = descriptor
    self.keeper = keeper
    size = Int64(status.st_size)
  }

  deinit {
    close(descriptor)
  }
}
