package import Formats

/// A small conversion that shows whether a tool works on this machine.
package struct ToolSample: Sendable {
  package let conversion: Conversion
  /// The only source.
  package let bytes: [UInt8]

  package init(_ conversion: Conversion, _ bytes: [UInt8]) {
    self.conversion = conversion
    self.bytes = bytes
  }

  /// The first thing that a tool offers without being asked for by a flag, of a format of which there is a sample file.
  package static func usual(of tool: some ProgramMaker) -> ToolSample? {
    for offer in tool.offers where offer.deed == nil {
      for source in offer.from ?? [] {
        guard let bytes = SampleFile.bytes(of: source),
          let target = offer.to.first(where: { $0 != source }) ?? offer.to.first
        else { continue }
        return ToolSample(Conversion(from: source, to: target), bytes)
      }
    }
    return nil
  }
}
