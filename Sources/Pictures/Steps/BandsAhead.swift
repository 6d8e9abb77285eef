import Basics
import Formats
import Synchronization

/// Bands of rows that a second thread has ready before they are asked for, a few at a time.
///
/// What comes of a band comes when it is asked for, failures too, as if it were made only then.
final class BandsAhead {
  /// Makes the next rows in the memory of a band, on the second thread, and tells where in it they begin; nil when no
  /// more can be made.
  typealias Fill = (_ count: Int, _ band: UnsafeMutableRawBufferPointer) throws(ConversionFailure) -> Int?

  private let ring: BandRing
  private let thread: SecondThread
  private var hasEnded = false

  /// From now on until `end` all that `fill` uses is the second thread's, which has `bandBytes` for each band.
  init(
    _ thread: SecondThread, rows: Int, bandRows: Int, bandBytes: Int, _ fill: @escaping Fill
  ) throws(ConversionFailure) {
    self.thread = thread
    let ring = try BandRing(rows: rows, bandRows: bandRows, bandBytes: bandBytes, fill)
    self.ring = ring
    thread.begin { ring.serve() }
  }

  deinit { end() }

  /// The next rows and what follows them in the memory of their band, there until the next ones are asked for; nil after
  /// the last, or when no more could be made.
  func next() throws(ConversionFailure) -> (count: Int, bytes: UnsafeRawBufferPointer)? { try ring.next() }

  /// Makes no more, and waits for the second thread to let go.
  func end() {
    guard !hasEnded else { return }
    hasEnded = true
    ring.close()
    thread.wait()
  }
}
