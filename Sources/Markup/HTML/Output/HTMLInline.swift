/// A piece of the text of a block of HTML, its white space as single spaces.
enum HTMLInline {
  case text([UInt8])
  /// Text that is a mark of Markdown already.
  case raw([UInt8])
  case code([UInt8])
  case image(source: String, title: String, description: [UInt8])
  case lineBreak
  case start(HTMLStyle)
  case end(HTMLStyle)
}
