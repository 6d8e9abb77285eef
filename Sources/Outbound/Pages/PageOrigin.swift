/// A site of our own, under a name that is nobody's: the files of a client's own document.
package struct PageOrigin: Sendable {
  /// In lower case, below `.invalid`, which no name server knows (RFC 6761 section 6.4).
  package let host: String
  /// The file at a path, which is decoded, begins with "/" and has neither NUL nor a step upwards; nil when there is none.
  ///
  /// It is called on the thread that serves all visits, so it must not block.
  package let file: @Sendable (_ path: String) -> PageFile?

  package init(host: String, file: @escaping @Sendable (_ path: String) -> PageFile?) {
    self.host = host
    self.file = file
  }
}
