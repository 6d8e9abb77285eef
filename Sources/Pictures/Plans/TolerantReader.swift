import Basics
import Formats

/// Any format's reader under the rule for damaged files: what the picture needs was read, so it is a picture.
///
/// Damage behind the last row is a warning. A row that is missing or damaged is a failure, unless damage is allowed: then
/// the row stays empty, transparent or white, and those that can still be read come after it.
final class TolerantReader: PictureReader {
  private let inner: any PictureReader
  private let allowsDamage: Bool
  private(set) var rowsDone = 0
  private var goodRows = 0
  private var found: Set<ConversionWarning> = []
  /// Why a row could not be read; once the reader cannot go on, no further row is asked for.
  private var failure: ConversionFailure?
  private var hasEnded = false

  init(_ inner: any PictureReader, allowsDamage: Bool) {
    self.inner = inner
    self.allowsDamage = allowsDamage
  }

  /// What has been met so far.
  var damage: Set<ConversionWarning> { found.union(inner.damage) }

  var header: PictureHeader { inner.header }
  var storedOrientation: Orientation { inner.storedOrientation }
  var profile: ColourProfile? { inner.profile }
  func colours() throws(ConversionFailure) -> ColourMeaning? { try inner.colours() }
  func exif() throws(ConversionFailure) -> EXIF? { try inner.exif() }
  func notes() throws(ConversionFailure) -> PictureNotes { try inner.notes() }
  func resolution() throws(ConversionFailure) -> Resolution? { try inner.resolution() }
  func shrink(atMost factor: Double) throws(ConversionFailure) -> Int { try inner.shrink(atMost: factor) }
  func readAhead(on thread: SecondThread) -> Bool { inner.readAhead(on: thread) }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    guard allowsDamage else {
      try inner.read(count, into: rows)
      rowsDone += count
      return
    }
    for index in 0..<count {
      let start = index * header.bytesPerRow
      try readAnyhow(.init(rebasing: rows[start..<start + header.bytesPerRow]))
    }
  }

  func finish() throws(ConversionFailure) {
    guard !hasEnded else { return }
    do throws(ConversionFailure) {
      try inner.finish()
    } catch {
      guard error.code == .damagedFile else { throw error }
      found.insert(.endMissing)
    }
  }

  /// Reads one row, or leaves it empty; a picture without any row is none.
  private func readAnyhow(_ row: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    rowsDone += 1
    if !hasEnded {
      do throws(ConversionFailure) {
        try inner.read(1, into: row)
        goodRows += 1
        return
      } catch {
        guard error.code == .damagedFile else { throw error }
        failure = failure ?? error
        hasEnded = !inner.skipRow()
      }
    }
    found.insert(.rowsMissing)
    row.initializeMemory(as: UInt8.self, repeating: header.channels % 2 == 0 ? 0 : 255)
    if rowsDone == header.height, goodRows == 0, let failure { throw failure }
  }
}
