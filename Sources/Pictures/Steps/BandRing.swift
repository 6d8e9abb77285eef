import Basics
import Formats
import Synchronization

/// A few bands of rows that one thread fills and another one empties, in turn.
///
/// `@unchecked Sendable`: each band belongs to the side whose bell has rung for it, `fill` to the side that calls `serve`,
/// and what counts the taken ones to the side that calls `next`.
final class BandRing: @unchecked Sendable {
  /// Enough that neither side waits for the other where one band takes longer than the next.
  static let bandCount = 4

  private let rows: Int
  private let bandRows: Int
  private let bands: [PixelRows]
  /// Where in each band its rows begin, which belongs to the band.
  private let starts = UnsafeMutablePointer<Int>.allocate(capacity: bandCount)
  private let fill: BandsAhead.Fill
  /// Rung for each band that is full, and once more when no more will come.
  private let filled = Doorbell()
  /// Rung for each band that may be filled, and closed when none is wanted any more.
  private let emptied = Doorbell()
  private let state: Mutex<State>
  private var taken = 0
  private var takenBands = 0

  private struct State {
    /// Rows from here on will not come.
    var end: Int
    var failure: ConversionFailure?
  }

  init(
    rows: Int, bandRows: Int, bandBytes: Int, _ fill: @escaping BandsAhead.Fill
  ) throws(ConversionFailure) {
    self.rows = rows
    self.bandRows = bandRows
    starts.initialize(repeating: 0, count: BandRing.bandCount)
    self.fill = fill
    var bands: [PixelRows] = []
    for _ in 0..<BandRing.bandCount {
      bands.append(try PixelRows(rows: 1, bytesPerRow: bandBytes))
    }
    self.bands = bands
    state = Mutex(State(end: rows))
    emptied.ring(times: BandRing.bandCount)
  }

  deinit { starts.deallocate() }

  /// Fills bands until all rows are there, no more can be made, or the ring is closed.
  func serve() {
    var (done, index) = (0, 0)
    while done < rows, emptied.wait() {
      let count = min(bandRows, rows - done)
      do throws(ConversionFailure) {
        guard let start = try fill(count, bands[index].bytes(1)) else { return stop(at: done, nil) }
        starts[index] = start
      } catch {
        return stop(at: done, error)
      }
      filled.ring()
      done += count
      index = (index + 1) % bands.count
    }
  }

  func next() throws(ConversionFailure) -> (count: Int, bytes: UnsafeRawBufferPointer)? {
    if takenBands > 0 { emptied.ring() }
    guard taken < rows, filled.wait() else { return nil }
    let (end, failure) = state.withLock { ($0.end, $0.failure) }
    guard taken < end else {
      filled.close()
      if let failure { throw failure }
      return nil
    }
    let count = min(bandRows, rows - taken)
    let index = takenBands % bands.count
    let start = starts[index]
    taken += count
    takenBands += 1
    return (count, .init(rebasing: bands[index].bytes(1)[start...]))
  }

  func close() { emptied.close() }

  private func stop(at row: Int, _ failure: ConversionFailure?) {
    state.withLock { $0 = State(end: row, failure: failure) }
    filled.ring()
  }
}
