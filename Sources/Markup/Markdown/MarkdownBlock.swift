/// One block of a document, bound to the others by their places in `MarkdownDocument.blocks`; -1 is no block.
package struct MarkdownBlock: Sendable {
  package enum Kind: UInt8, Sendable {
    case document
    case quote
    case list
    case item
    case paragraph
    case heading
    case code
    case html
    /// A thematic break.
    case rule
    case table
    case row
    case cell
    /// What a footnote says; its label is the block's `info`.
    case footnote
    /// Link reference definitions, which show nothing.
    case definitions
  }

  /// Whether an item is a task, and done.
  package enum Task: UInt8, Sendable {
    case none
    case open
    case done
  }

  package enum Alignment: UInt8, Sendable {
    case none
    case left
    case center
    case right
  }

  package internal(set) var kind: Kind
  package internal(set) var parent: Int32 = -1
  package internal(set) var firstChild: Int32 = -1
  package internal(set) var lastChild: Int32 = -1
  package internal(set) var next: Int32 = -1
  /// Where its text lies in the document's text: what is to be read as inlines, or the code or HTML itself.
  package internal(set) var start: Int32 = 0
  package internal(set) var end: Int32 = 0
  /// The info string of a code block, the label of a footnote.
  package internal(set) var infoStart: Int32 = 0
  package internal(set) var infoEnd: Int32 = 0
  /// The lines of the document it takes, from 1.
  package internal(set) var line: Int32
  package internal(set) var endLine: Int32
  /// The number of an ordered list's first item.
  package internal(set) var number: Int32 = 0
  /// The level of a heading, 1 to 6.
  package internal(set) var level: UInt8 = 0
  /// The character of a list's markers: `-`, `+`, `*`, or what follows the number, `.` or `)`.
  package internal(set) var marker: UInt8 = 0
  package internal(set) var isOrdered = false
  /// Whether a list's paragraphs stand without space between them.
  package internal(set) var isTight = false
  /// Whether a row or cell is of the table's head.
  package internal(set) var isHead = false
  package internal(set) var task = Task.none
  package internal(set) var alignment = Alignment.none

  init(_ kind: Kind, line: Int) {
    self.kind = kind
    self.line = Int32(truncatingIfNeeded: line)
    endLine = self.line
  }

  package var range: Range<Int> { Int(start)..<Int(end) }
  var info: Range<Int> { Int(infoStart)..<Int(infoEnd) }

  /// Whether its text is read as inlines.
  package var hasInlines: Bool { kind == .paragraph || kind == .heading || kind == .cell }
}
