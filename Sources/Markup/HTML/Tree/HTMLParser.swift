package import DataFormats

/// Reads HTML into a tree as tolerantly as a browser does, though more simply.
///
/// Differences from the HTML Standard: formatting that is closed out of order is not taken up again in later blocks, and
/// elements that would stand deeper than the limit are put beside each other.
package struct HTMLParser: Sendable {
  package var limits: MarkupLimits
  /// The encoding that was said with the document; without one it is looked for in the document.
  package var encoding: MarkupEncoding?
  /// Whether a document that names an encoding which is not known here is read all the same, as where its addresses
  /// alone are looked at.
  package var allowsUnknownEncodings = false

  package init(encoding: MarkupEncoding? = nil, limits: MarkupLimits = MarkupLimits()) {
    self.encoding = encoding
    self.limits = limits
  }

  /// Throws where the document has more bytes or elements than the limits allow, or names an encoding that is not known.
  package func parse(_ bytes: [UInt8]) throws(DataFault) -> HTMLDocument {
    guard bytes.count <= limits.bytes else {
      throw DataFault(.tooLarge, "the document has \(bytes.count) bytes; at most \(limits.bytes) are read")
    }
    let text = try decode(bytes)
    return try text.withUnsafeBufferPointer { source throws(DataFault) in
      var builder = HTMLTreeBuilder(limits)
      return try builder.build(HTMLTokenizer(ByteView(source)))
    }
  }

  private func decode(_ bytes: [UInt8]) throws(DataFault) -> [UInt8] {
    if let mark = MarkupEncoding.mark(bytes) { return mark.encoding.decode(bytes[mark.count...]) }
    if let encoding { return encoding.decode(bytes[...]) }
    return try HTMLEncodingSniffer.encoding(of: bytes, allowsUnknown: allowsUnknownEncodings).decode(bytes[...])
  }
}
