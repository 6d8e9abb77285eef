/// A part of a file as the body of an answer.
package struct FileBody: Sendable {
  package let file: OpenFile
  package let offset: Int64
  package let count: Int64

  package init(_ file: OpenFile, offset: Int64 = 0, count: Int64? = nil) {
    self.file = file
    self.offset = offset
    self.count = count ?? file.size - offset
  }
}
