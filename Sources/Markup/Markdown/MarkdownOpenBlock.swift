/// A block that may still take lines, with what only its parser needs to know.
struct MarkdownOpenBlock {
  let place: Int
  var kind: MarkdownBlock.Kind
  /// The columns of an item's or footnote's content, or of a fence's indentation.
  var indent = 0
  /// The character and the length of a code block's fence; 0 for code by indentation.
  var fence: UInt8 = 0
  var fenceLength = 0
  /// Which of the seven kinds of HTML block it is (CommonMark 0.31, section 4.6).
  var html = 0
  /// Where the last line of a paragraph begins in the document's text.
  var lastLine = 0
  /// The alignments of a table's columns.
  var columns: [MarkdownBlock.Alignment] = []
}
