/// Writes XML as it is told, by the conventions that `XMLReader` reads.
///
/// Members whose name begins with `@` are attributes, `#text` is an element's text, an array is an element for each
/// of its values, and null is an empty element. A top value that is no object has a root of its own, with `item` for
/// an array's values and `value` for a single one. Names are repaired with `_`; a colon stays where the prefix before
/// it is declared. The last megabyte is kept back, within which attributes may come behind what they stand before.
package struct XMLWriter: DataWriter {
  package struct Options: Sendable {
    package var rootName = "root"
    /// The name of an array's values where it stands at the top or within another array.
    package var itemName = "item"
    package var valueName = "value"
    /// What the names of attributes begin with; there are none where it is empty.
    package var attributePrefix = "@"
    package var textName = "#text"
    /// How many blanks a level is indented by.
    package var indent = 1

    package init() {}
  }

  private let options: Options
  private let prefix: [UInt8]
  private let textName: [UInt8]
  var page: XMLPage
  private var frames: [XMLFrame] = []
  /// The name of the member that follows.
  private var memberName: [UInt8] = []
  private var isBegun = false

  package init(_ drain: ByteDrain, options: Options = Options()) {
    self.options = options
    prefix = Array(options.attributePrefix.utf8)
    textName = Array(options.textName.utf8)
    page = XMLPage(drain, indent: options.indent)
  }

  package mutating func startObject() throws {
    try begin()
    try open(nextName())
  }

  package mutating func endObject() throws { try close() }

  package mutating func startArray() throws {
    try begin()
    if frames.last?.isArray ?? true {
      try open(nextName())
      frames.append(XMLFrame(elementsOf: Array(options.itemName.utf8), ownsElement: true))
    } else {
      frames.append(XMLFrame(elementsOf: nextName(), ownsElement: false))
    }
  }

  package mutating func endArray() throws {
    if let ended = frames.popLast(), ended.ownsElement { try close() }
  }

  package mutating func name(_ name: String) throws {
    memberName.removeAll(keepingCapacity: true)
    memberName.append(contentsOf: name.utf8)
  }

  package mutating func name(utf8: UnsafeRawBufferPointer) throws {
    memberName.removeAll(keepingCapacity: true)
    memberName.append(contentsOf: utf8)
  }

  package mutating func scalar(_ value: DataScalar) throws {
    var text = value.xmlText
    try text.withUTF8 { try string(utf8: UnsafeRawBufferPointer($0)) }
  }

  package mutating func string(utf8: UnsafeRawBufferPointer) throws {
    try begin()
    guard let inner = frames.last else {
      try open(Array(options.rootName.utf8))
      try putLeaf(Array(options.valueName.utf8), utf8)
      return try close()
    }
    if inner.isArray { return try putLeaf(inner.name, utf8) }
    if memberName == textName { return frames[frames.count - 1].text.append(contentsOf: utf8) }
    if !prefix.isEmpty, memberName.starts(with: prefix) {
      return try page.add(memberName[prefix.count...], utf8, to: &frames[frames.count - 1])
    }
    try putLeaf(memberName, utf8)
  }

  package mutating func number(ascii: UnsafeRawBufferPointer) throws { try string(utf8: ascii) }

  package mutating func finish() throws {
    if !isBegun { try scalar(.null) }
    try page.leave(all: true)
  }

  /// Refuses a second value at the top, which would be a second root.
  private mutating func begin() throws {
    guard frames.isEmpty else { return }
    guard !isBegun else { throw DataFault(.unsupported, "there are several documents, and XML holds one") }
    isBegun = true
    page.putDeclaration()
  }

  /// What the element of the value that follows is called.
  private func nextName() -> [UInt8] {
    guard let inner = frames.last else { return Array(options.rootName.utf8) }
    return inner.isArray ? inner.name : memberName
  }

  private mutating func open(_ name: [UInt8]) throws {
    try putTagAround()
    frames.append(XMLFrame(element: name))
  }

  private mutating func close() throws {
    guard var ended = frames.popLast() else { return }
    try page.end(&ended)
    if try page.leave(all: false) {
      for index in frames.indices { frames[index].tagEnd = nil }
    }
  }

  private mutating func putLeaf(_ name: [UInt8], _ text: UnsafeRawBufferPointer) throws {
    try putTagAround()
    try page.putLeaf(name, text)
    if try page.leave(all: false) {
      for index in frames.indices { frames[index].tagEnd = nil }
    }
  }

  /// Writes the start tag of the element that what follows stands in.
  private mutating func putTagAround() throws {
    guard let inner = frames.lastIndex(where: { !$0.isArray }), frames[inner].isTagDue else { return }
    try page.putTag(&frames[inner])
    frames[inner].hasElements = true
  }
}

extension DataScalar {
  /// The text of a value; what floats can be beyond numbers is spelled as in XML Schema (part 2, 3.2.4).
  fileprivate var xmlText: String {
    switch self {
    case .null: ""
    case .bool(let value): value ? "true" : "false"
    case .number(let text), .string(let text), .moment(let text): text
    case .infinity(let negative): negative ? "-INF" : "INF"
    case .notANumber: "NaN"
    }
  }
}
