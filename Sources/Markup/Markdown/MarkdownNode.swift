/// One piece of a leaf's text in the making; the pieces are a list, in which styles begin and end.
struct MarkdownNode {
  enum Kind: UInt8 {
    case text
    case code
    case html
    case softBreak
    case hardBreak
    case footnote
    case startEmphasis
    case endEmphasis
    case startStrong
    case endStrong
    case startStrikethrough
    case endStrikethrough
    case startLink
    case endLink
    case startImage
    case endImage
  }

  var kind: Kind
  /// Whether the range lies in the parser's own memory instead of in the leaf's text.
  var isOwn = false
  var start: Int32
  var end: Int32
  var next: Int32 = -1
  var previous: Int32 = -1
  /// The place of a link's or image's target.
  var target: Int32 = -1

  init(_ kind: Kind, _ range: Range<Int>) {
    self.kind = kind
    start = Int32(range.lowerBound)
    end = Int32(range.upperBound)
  }

  var range: Range<Int> { Int(start)..<Int(end) }
}
