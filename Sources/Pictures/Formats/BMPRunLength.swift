import Formats
import Glibc

/// Decodes the run-length coding of 4 and 8 bit bitmaps (BI_RLE4 and BI_RLE8).
enum BMPRunLength {
  enum End {
    case marked
    /// All pixels came, and no mark behind them.
    case unmarked
    /// The file ends within the pixels.
    case early(ConversionFailure)
  }

  /// All numbers of the picture, one a byte, in the order of the file; pixels that no run covers are 0.
  static func decode(
    _ stream: ByteStream, _ bitmap: BMPHeader
  ) throws(ConversionFailure) -> (rows: PixelRows, end: End) {
    let indexes = try PixelRows(rows: bitmap.height, bytesPerRow: bitmap.width)
    indexes.bytes(bitmap.height).initializeMemory(as: UInt8.self, repeating: 0)
    stream.seek(to: bitmap.pixels)
    var (x, y) = (0, 0)
    do throws(ConversionFailure) {
      try decode(stream, bitmap, into: indexes, &x, &y)
      return (indexes, .marked)
    } catch {
      guard error.code == .damagedFile else { throw error }
      let isComplete = y >= bitmap.height || y == bitmap.height - 1 && x == bitmap.width
      return (indexes, isComplete ? .unmarked : .early(error))
    }
  }

  /// Decodes up to the mark at the end, `x` and `y` being where the next pixel goes.
  private static func decode(
    _ stream: ByteStream, _ bitmap: BMPHeader, into indexes: PixelRows, _ x: inout Int, _ y: inout Int
  ) throws(ConversionFailure) {
    let isNarrow = bitmap.bits == 4
    while y < bitmap.height {
      let (count, value) = (Int(try stream.byte()), try stream.byte())
      let row = indexes.row(y)
      if count > 0 {
        for index in 0..<min(count, bitmap.width - x) {
          row[x + index] = isNarrow ? (index % 2 == 0 ? value >> 4 : value & 15) : value
        }
        x = min(x + count, bitmap.width)
        continue
      }
      switch value {
      case 0: (x, y) = (0, y + 1)
      case 1: return
      case 2:
        x = min(x + Int(try stream.byte()), bitmap.width)
        y += Int(try stream.byte())
      default:
        let count = Int(value)
        let stored = isNarrow ? (count + 1) / 2 : count
        for index in 0..<stored {
          let byte = try stream.byte()
          let values = isNarrow ? [byte >> 4, byte & 15] : [byte]
          for value in values.prefix(isNarrow ? count - index * 2 : 1) where x < bitmap.width {
            row[x] = value
            x += 1
          }
        }
        // A run of single pixels ends at an even offset.
        if stored % 2 == 1 { _ = try stream.byte() }
      }
    }
    guard try stream.byte() == 0, try stream.byte() == 1 else { throw stream.damaged("no end mark") }
  }
}
