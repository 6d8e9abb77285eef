import Basics
import Formats

/// A picture file that hands out its pixels row by row.
protocol PictureReader: RowSource {
  /// How many rows have been read.
  var rowsDone: Int { get }

  /// Has another thread do what can be done ahead of reading, from the first row to the end of this reader; false when
  /// there is nothing of that kind, and the thread is left alone.
  func readAhead(on thread: SecondThread) -> Bool

  /// How the rows in the file have to be turned before any orientation in EXIF counts.
  var storedOrientation: Orientation { get }

  var profile: ColourProfile? { get }

  /// What the pixels mean when it is neither sRGB nor what a profile tells; nil otherwise.
  func colours() throws(ConversionFailure) -> ColourMeaning?

  /// The EXIF that the file carries, or nil.
  func exif() throws(ConversionFailure) -> EXIF?

  /// XMP, IPTC and texts.
  func notes() throws(ConversionFailure) -> PictureNotes

  /// What the file tells, or nil.
  func resolution() throws(ConversionFailure) -> Resolution?

  /// Makes the picture smaller by the largest power of two up to `factor` that the format offers for nothing, before the
  /// first row; returns by how much.
  func shrink(atMost factor: Double) throws(ConversionFailure) -> Int

  /// Reads what follows the last row, so that damage there is found.
  func finish() throws(ConversionFailure)

  /// Damage that took no row away, or that was allowed; more may be met with each row and at the end.
  var damage: Set<ConversionWarning> { get }

  /// Goes on behind a row that could not be read; false where the rows after it cannot be found.
  func skipRow() -> Bool
}

extension PictureReader {
  var storedOrientation: Orientation { .upright }
  var profile: ColourProfile? { nil }
  func colours() throws(ConversionFailure) -> ColourMeaning? { nil }
  func exif() throws(ConversionFailure) -> EXIF? { nil }
  func notes() throws(ConversionFailure) -> PictureNotes { PictureNotes() }
  func resolution() throws(ConversionFailure) -> Resolution? { nil }
  func shrink(atMost factor: Double) throws(ConversionFailure) -> Int { 1 }
  func readAhead(on thread: SecondThread) -> Bool { false }
  func finish() throws(ConversionFailure) {}
  var damage: Set<ConversionWarning> { [] }
  func skipRow() -> Bool { false }
}
