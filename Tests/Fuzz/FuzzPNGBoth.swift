import Basics
import CImage
import CSystem
import Formats
import Glibc

/// Reads a PNG with our own decoder, by one thread and by two, and with libpng alone, and ends the process when the two differ.
///
/// The sums of all chunks are made right first, so that what is changed gets as far as the decoders.
final class FuzzPNGBoth: Sendable {
  static let shared: FuzzPNGBoth? =
    getenv("FUZZ_FORMAT").map { String(cString: $0) } == "png-both" ? FuzzPNGBoth() : nil

  private let input = csystem_memory_file()
  private let output = csystem_memory_file()
  private let thread = try? SecondThread()

  private struct Outcome: Equatable {
    var header: PictureHeader?
    var pixels: [UInt8] = []
    var failure: ConversionFailure?

    /// What comes out of a damaged file before the damage is found may be more or less, but nothing else.
    static func == (left: Outcome, right: Outcome) -> Bool {
      let count =
        left.failure == nil
        ? max(left.pixels.count, right.pixels.count) : min(left.pixels.count, right.pixels.count)
      // Of a file with two faults each may name the one that it met first.
      return left.failure?.code == right.failure?.code && left.header == right.header
        && left.pixels.prefix(count) == right.pixels.prefix(count)
    }

    var summary: String { "\(pixels.count) bytes, \(failure?.description ?? "no failure")" }
  }

  func run(_ bytes: UnsafeRawBufferPointer) {
    let file = FuzzPNGBoth.repaired(Array(bytes))
    ftruncate(input, 0)
    pwrite(input, file, file.count, 0)
    // The last byte chooses how many rows are asked for at once.
    let band = Int(bytes.last ?? 0) % 40 + 1
    let (own, library) = (read(.fast, band), read(.lib, band))
    let ahead = read(.fast, band, thread)
    guard own == ahead else { fatalError("a second thread makes a difference: \(own.summary) and \(ahead.summary)") }
    guard own == library else { fatalError("the decoders differ: \(own.summary) against \(library.summary)") }
    write(library)
  }

  private func read(_ codec: PNGCodec, _ band: Int, _ thread: SecondThread? = nil) -> Outcome {
    var outcome = Outcome()
    do throws(ConversionFailure) {
      let reader = try PNGReader(input, codec)
      let header = reader.header
      if let thread { _ = reader.readAhead(on: thread) }
      guard header.width * header.height <= 1 << 18 else { return outcome }
      outcome.header = header
      let rows = try PixelRows(rows: band, bytesPerRow: header.bytesPerRow)
      while reader.rowsDone < header.height {
        let count = min(band, header.height - reader.rowsDone)
        try reader.read(count, into: rows.bytes(count))
        outcome.pixels += rows.bytes(count)
      }
      try reader.finish()
    } catch {
      outcome.failure = error
    }
    return outcome
  }

  /// What our own writer makes of the pixels must give them back through libpng.
  private func write(_ outcome: Outcome) {
    guard let header = outcome.header, outcome.failure == nil else { return }
    do throws(ConversionFailure) {
      ftruncate(input, 0)
      let writer = try PNGWriter(input, header, .photograph)
      var failure: ConversionFailure?
      outcome.pixels.withUnsafeBytes { pixels in
        do throws(ConversionFailure) { try writer.write(header.height, from: pixels) } catch { failure = error }
      }
      if let failure { throw failure }
      _ = try writer.finish()
    } catch {
      fatalError("not written: \(error)")
    }
    guard read(.lib, 7) == outcome else { fatalError("what was written reads differently") }
  }

  private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var file = bytes
    var place = 8
    while file.count - place >= 12 {
      let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= file.count - place - 12 else { break }
      let end = place + 8 + length
      let sum = file[place + 4..<end].withUnsafeBytes { chunk in
        cimage_crc(0, chunk.assumingMemoryBound(to: UInt8.self).baseAddress, chunk.count)
      }
      file.replaceSubrange(end..<end + 4, with: ByteOrder.big32(Int(sum)))
      place = end + 4
    }
    return file
  }
}
