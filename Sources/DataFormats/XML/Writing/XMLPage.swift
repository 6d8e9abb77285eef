/// The end of a document that is being written, as far as it can still change.
struct XMLPage {
  /// How many bytes are kept back.
  private static let length = 1 << 20

  private let drain: ByteDrain
  private let indent: Int
  var bytes: [UInt8] = []
  private var depth = 0
  /// How many of the open elements declare a prefix.
  var scope: [ExactName: Int] = [ExactName("xml"): 1]

  init(_ drain: ByteDrain, indent: Int) {
    self.drain = drain
    self.indent = indent
  }

  mutating func putDeclaration() { put("<?xml version=\"1.0\" encoding=\"utf-8\"?>") }

  /// Lets go of the page when it is long, or in any case; true if it has.
  @discardableResult
  mutating func leave(all: Bool) throws -> Bool {
    guard all || bytes.count > Self.length else { return false }
    try bytes.withUnsafeBytes { try drain.put($0) }
    bytes.removeAll(keepingCapacity: true)
    return true
  }

  /// Gives an element an attribute, whose name and value are as they were told.
  mutating func add(_ name: ArraySlice<UInt8>, _ value: UnsafeRawBufferPointer, to frame: inout XMLFrame) throws {
    let told = String(decoding: name, as: UTF8.self)
    guard frame.isTagDue || frame.tagEnd != nil else {
      throw DataFault(
        .unsupported,
        "the attribute \(told) of \(frame.tagName) comes more than a megabyte behind its start; it has to come first")
    }
    frame.attributes.append((told, Array(value)))
  }

  /// Writes the start tag, on a line of its own.
  mutating func putTag(_ frame: inout XMLFrame) throws {
    let attributes = try makeAttributes(&frame)
    frame.tagName = writtenName(frame.name)
    frame.isTagDue = false
    breakLine()
    bytes.append(0x3C)
    put(frame.tagName)
    bytes += attributes
    frame.tagEnd = bytes.count
    bytes.append(0x3E)
    depth += 1
  }

  /// Writes what is still missing of an element, and its end tag.
  mutating func end(_ frame: inout XMLFrame) throws {
    if frame.isTagDue {
      try putTag(&frame)
    } else if !frame.attributes.isEmpty, let place = frame.tagEnd {
      bytes.insert(contentsOf: try makeAttributes(&frame), at: place)
    }
    depth -= 1
    if frame.hasElements, !frame.text.isEmpty { bytes.append(0x0A) }
    try frame.text.withUnsafeBytes { try putText($0, in: frame.tagName) }
    if frame.hasElements, frame.text.isEmpty { breakLine() }
    putEndTag(frame.tagName)
    for prefix in frame.prefixes { scope[prefix, default: 1] -= 1 }
  }

  /// Writes an element that has only text.
  mutating func putLeaf(_ name: [UInt8], _ text: UnsafeRawBufferPointer) throws {
    let name = writtenName(name)
    breakLine()
    bytes.append(0x3C)
    put(name)
    bytes.append(0x3E)
    try putText(text, in: name)
    putEndTag(name)
  }

  private mutating func putEndTag(_ name: String) {
    put("</")
    put(name)
    bytes.append(0x3E)
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func breakLine() {
    bytes.append(0x0A)
    for _ in 0..<depth * indent { bytes.append(0x20) }
  }
}
