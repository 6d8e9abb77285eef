import Basics
import Glibc

/// An uploaded file on disk; whatever is still at its path when nobody needs it any more is removed.
package final class SpoolFile: Sendable {
  /// The form field that brought it.
  package let fieldName: String
  /// The client's name for it: a label, never a path.
  package let fileName: String
  package let contentType: String?
  package let path: String
  /// Bytes.
  package let size: Int64

  init(part: MultipartPart, path: String, size: Int64) {
    fieldName = part.name
    fileName = part.fileName ?? ""
    contentType = part.contentType
    self.path = path
    self.size = size
  }

  deinit {
    unlink(path)
  }
}
