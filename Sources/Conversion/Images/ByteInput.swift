import Basics
import Glibc

/// An input file read in pieces from wherever they lie, without its descriptor's own offset.
struct ByteInput {
  let descriptor: Int32
  /// Where in the file offset 0 is.
  var start: Int64 = 0

  /// Up to `count` bytes from `offset`; fewer only at the end of the file.
  func bytes(at offset: Int64, atMost count: Int) throws(ConversionFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let (from, rest) = (done, count - done)
      let got: Int
      do throws(SystemFailure) {
        got = try check("pread", "input") {
          bytes.withUnsafeMutableBytes {
            pread(descriptor, $0.baseAddress.map { $0 + from }, rest, Int(start + offset) + from)
          }
        }
      } catch {
        throw ConversionFailure(error)
      }
      if got == 0 { break }
      done += got
    }
    bytes.removeLast(count - done)
    return bytes
  }
}
