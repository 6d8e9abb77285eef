import Basics
import Synchronization

/// Bands of rows on their way from the thread that reads them to another one that writes them, so that both are at work
/// at once.
///
/// `@unchecked Sendable`: the writer is the second thread's alone until `run` has waited for it, and each band belongs to
/// the side whose bell has rung for it.
final class BandPipeline: @unchecked Sendable {
  /// Enough that neither side waits for the other where one band takes longer than the next.
  static let bandCount = 4

  private let writer: any PictureWriter
  private let height: Int
  /// How many rows have been read before.
  private let first: Int
  private let sample: PixelRows
  private let bands: [PixelRows]
  /// Rung for each band that has been read, and once more when reading has failed.
  private let filled = Doorbell()
  /// Rung for each band that may be read into, and closed when writing has failed.
  private let emptied = Doorbell()
  private let state: Mutex<State>

  private struct State {
    /// No row from here on will come.
    var end: Int
    var failure: ConversionFailure?
  }

  /// The rows of `sample` are the first to be written.
  init(
    _ writer: any PictureWriter, _ header: PictureHeader, first: Int, _ sample: PixelRows
  ) throws(ConversionFailure) {
    self.writer = writer
    height = header.height
    self.first = first
    self.sample = sample
    var bands: [PixelRows] = []
    for _ in 0..<BandPipeline.bandCount {
      bands.append(try PixelRows(rows: PictureWork.bandRows, bytesPerRow: header.bytesPerRow))
    }
    self.bands = bands
    state = Mutex(State(end: header.height))
    emptied.ring(times: BandPipeline.bandCount)
  }

  /// Writes all rows on the other thread while it reads on this one; throws what reading and writing in turn would have
  /// thrown.
  func run(
    _ rows: any RowSource, on thread: SecondThread, _ progress: (Int) -> Void
  ) throws(ConversionFailure) {
    thread.begin { self.write() }
    var failure: ConversionFailure?
    do throws(ConversionFailure) {
      try read(rows, progress)
    } catch {
      failure = error
    }
    thread.wait()
    // What could not be written came before what could not be read.
    if let failure = state.withLock(\.failure) ?? failure { throw failure }
  }

  private func read(_ rows: any RowSource, _ progress: (Int) -> Void) throws(ConversionFailure) {
    var (done, index) = (first, 0)
    while done < height {
      progress(done * 100 / height)
      guard emptied.wait() else { return }
      let count = min(PictureWork.bandRows, height - done)
      do throws(ConversionFailure) {
        try rows.read(count, into: bands[index].bytes(count))
      } catch {
        state.withLock { $0.end = done }
        filled.ring()
        throw error
      }
      filled.ring()
      done += count
      index = (index + 1) % bands.count
    }
  }

  private func write() {
    do throws(ConversionFailure) {
      try writer.write(first, from: .init(sample.bytes(first)))
      var (done, index) = (first, 0)
      while done < height {
        guard filled.wait(), done < state.withLock(\.end) else { return }
        let count = min(PictureWork.bandRows, height - done)
        try writer.write(count, from: .init(bands[index].bytes(count)))
        emptied.ring()
        done += count
        index = (index + 1) % bands.count
      }
    } catch {
      state.withLock { $0.failure = error }
      emptied.close()
    }
  }
}
