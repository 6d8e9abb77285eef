/// The part of a text that stands in one line.
struct TextLine {
  /// Its codes, without the spaces at which the line ends.
  let codes: Range<Int>
  let width: Double
  /// The first piece of it.
  let piece: Int
}
