package import Storage

/// The file of a link, open for reading, and what is to be asked before it is given away (`JobService.use`).
package struct OpenedLink: Sendable {
  package let output: Output
  /// Closed by whoever has opened the link.
  package let descriptor: Int32
  /// Nil for a link to a stored file, which may be used as often as anybody likes.
  let grant: Links.Grant?
  /// True when each download of the file is counted.
  let isCounted: Bool

  init(_ output: Output, _ descriptor: Int32, _ grant: Links.Grant? = nil, isCounted: Bool = false) {
    self.output = output
    self.descriptor = descriptor
    self.grant = grant
    self.isCounted = isCounted
  }
}
