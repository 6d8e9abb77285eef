import Basics
import CSystem
package import Formats
import Glibc

/// An input file read in pieces from wherever they lie, without its descriptor's own offset.
package struct ByteInput {
  let descriptor: Int32
  /// Where in the file offset 0 is.
  let start: Int64

  package init(descriptor: Int32, start: Int64 = 0) {
    self.descriptor = descriptor
    self.start = start
  }

  /// Up to `count` bytes from `offset`; fewer only at the end of the file.
  func bytes(at offset: Int64, atMost count: Int) throws(ConversionFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let from = done
      let got = try ByteInput.check {
        bytes.withUnsafeMutableBytes {
          pread(descriptor, $0.baseAddress.map { $0 + from }, count - from, Int(start + offset) + from)
        }
      }
      if got == 0 { break }
      done += got
    }
    bytes.removeLast(count - done)
    return bytes
  }

  /// Reads at least one byte, or none at the end of the file.
  package func fill(_ place: UnsafeMutableRawBufferPointer, at offset: Int64) throws(ConversionFailure) -> Int {
    guard offset >= 0 else { return 0 }
    return try ByteInput.check { pread(descriptor, place.baseAddress, place.count, Int(start + offset)) }
  }

  /// How many bytes the file has.
  package func size() throws(ConversionFailure) -> Int64 {
    var facts = csystem_file()
    let descriptor = descriptor
    _ = try ByteInput.check { Int(csystem_look_at_file(descriptor, &facts)) }
    return facts.bytes
  }

  private static func check(_ body: () -> Int) throws(ConversionFailure) -> Int {
    do throws(SystemFailure) {
      return try Basics.check("pread", "input", body)
    } catch {
      throw ConversionFailure(error)
    }
  }
}
