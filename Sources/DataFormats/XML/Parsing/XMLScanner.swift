/// Goes through a document token by token and keeps what the last token holds in memory that is used again.
struct XMLScanner: ~Copyable {
  enum Token {
    case start, end, text, cdata, comment, instruction, doctype
  }

  /// An attribute of the last start tag: the number of its name and the end of its value in `values`.
  struct Attribute {
    let name: Int
    let start: Int
    let end: Int
  }

  private enum State {
    case opening, prolog, content, epilog
  }

  let limits: XMLLimits
  /// What entities beyond the predefined ones stand for, given by the caller.
  let entities: [String: String]
  var input: XMLInput
  var names = NameTable()
  /// The number of the name of the last start tag, end tag, instruction or document type.
  var name = 0
  /// The content of the last text, section, comment or instruction.
  var text: [UInt8] = []
  var attributes: [Attribute] = []
  var values: [UInt8] = []
  /// The numbers of the elements that are open.
  var open: [Int] = []
  /// For every name, the last element that had an attribute of this name.
  var lastUse: [Int] = []
  var elementCount = 0
  var hasDoctype = false
  /// By the number of the element's name.
  var declarations: [Int: XMLElementDeclaration] = [:]
  var defaultedBytes = 0
  /// The end of an empty-element tag is still to be told.
  var endIsDue = false
  private var state = State.opening

  init(_ feed: ByteFeed, limits: XMLLimits, entities: [String: String]) {
    input = XMLInput(feed)
    self.limits = limits
    self.entities = entities
  }

  /// The next token, or nil at the end of the document.
  mutating func advance() throws -> Token? {
    switch state {
    case .content: return try advanceContent()
    case .opening:
      try scanDeclaration()
      state = .prolog
      return try advanceOutside()
    case .prolog, .epilog: return try advanceOutside()
    }
  }

  private mutating func advanceContent() throws -> Token? {
    if endIsDue {
      endIsDue = false
      return end()
    }
    guard let byte = try input.peek() else {
      let open = open.last.map { names.texts[$0] } ?? ""
      throw input.fault("the document ends before the end tag </\(open)>")
    }
    guard byte == 0x3C else {
      try scanText()
      return .text
    }
    input.at += 1
    switch try input.peek() {
    case 0x2F:
      input.at += 1
      try scanEndTag()
      return end()
    case 0x21:
      input.at += 1
      if try input.peek() == 0x5B {
        try scanSection()
        return .cdata
      }
      try scanComment()
      return .comment
    case 0x3F:
      input.at += 1
      try scanInstruction()
      return .instruction
    default:
      try scanStartTag()
      return .start
    }
  }

  /// Leaves the innermost element.
  private mutating func end() -> Token {
    name = open.removeLast()
    if open.isEmpty { state = .epilog }
    return .end
  }

  private mutating func advanceOutside() throws -> Token? {
    try skipBlanks()
    guard let byte = try input.peek() else {
      if state == .prolog { throw input.fault("the document has no root element") }
      return nil
    }
    guard byte == 0x3C else {
      let place = state == .prolog ? "before" : "after"
      throw input.fault("there is text \(place) the root element; only comments and instructions may stand there")
    }
    input.at += 1
    switch try input.peek() {
    case 0x3F:
      input.at += 1
      try scanInstruction()
      return .instruction
    case 0x21:
      input.at += 1
      if try input.peek() == 0x44 {
        guard state == .prolog, !hasDoctype else {
          throw input.fault("a document type may stand only once, before the root element")
        }
        hasDoctype = true
        try scanDoctype()
        return .doctype
      }
      try scanComment()
      return .comment
    default:
      guard state == .prolog else { throw input.fault("there is a second element after the root element") }
      try scanStartTag()
      state = .content
      return .start
    }
  }
}
