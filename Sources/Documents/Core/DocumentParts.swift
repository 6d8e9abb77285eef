import Basics
import DataFormats

/// The named parts of a document, whichever way they are kept.
package final class DocumentParts {
  /// The names in the order of the archive.
  package let names: [String]
  let limits: DocumentLimits
  private let fetch: (Int, Int) throws -> [UInt8]
  /// Names are compared without case and with one kind of slash (OPC, ISO/IEC 29500-2, 6.2.2.3).
  private let places: [String: Int]
  private var elements = 0

  /// `fetch` gives all bytes of the part at a place of `names`, of which there may be so many at most.
  package init(
    _ names: [String], limits: DocumentLimits = DocumentLimits(), fetch: @escaping (Int, Int) throws -> [UInt8]
  ) {
    self.names = names
    self.limits = limits
    self.fetch = fetch
    places = Dictionary(
      names.enumerated().map { (Self.key($0.element), $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  private static func key(_ name: String) -> String {
    let name = name.contains("\\") ? String(name.map { $0 == "\\" ? "/" : $0 }) : name
    return (name.first == "/" ? String(name.dropFirst()) : name).lowercased()
  }

  package func contains(_ name: String) -> Bool { places[Self.key(name)] != nil }

  /// All bytes of a part, or nil where there is none.
  ///
  /// Throws what the archive throws.
  package func bytes(of name: String, atMost most: Int? = nil) throws -> [UInt8]? {
    try places[Self.key(name)].map { try fetch($0, most ?? limits.partBytes) }
  }

  /// Goes through the XML of a part from its root; false where there is none.
  ///
  /// Throws a `DataFault` with the name of the part.
  @discardableResult
  func read(
    _ name: String, atMost most: Int? = nil, entities: [String: String] = [:], _ visit: (PartReader) throws -> Void
  ) throws -> Bool {
    guard let bytes = try bytes(of: name, atMost: most) else { return false }
    do {
      try visit(PartReader(bytes, self, entities: entities))
    } catch let fault as DataFault {
      throw DataFault(fault.kind, "\(fault.problem) (in \(name))", line: fault.line, column: fault.column)
    }
    return true
  }

  /// As `read`, for a part without which the document still says something: a damaged one counts as far as it was read.
  func readIfSound(_ name: String, _ visit: (PartReader) throws -> Void) throws {
    do {
      try read(name, visit)
    } catch let fault as DataFault where fault.kind != .tooLarge {
      return
    }
  }

  /// Counts an element of any part.
  func weigh() throws {
    elements += 1
    if elements > limits.elements {
      throw DataFault(.tooLarge, "the document has more than \(limits.elements) elements")
    }
  }
}
