package import Basics
import CSystem
import Glibc

/// A part of an open file; the file's own offset stays where it is.
package final class FileSource: ByteSource {
  private let descriptor: Int32
  private var place: Int
  private let end: Int

  /// The bytes from `start` to before `end`, which may stand behind the end of the file.
  package init(_ descriptor: Int32, from start: Int = 0, to end: Int = .max) {
    self.descriptor = descriptor
    place = start
    self.end = end
  }

  package func read(_ memory: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(memory.count, end - place)
    guard count > 0 else { return 0 }
    let place = place
    let got = try check("pread", "input") { pread(descriptor, memory.baseAddress, count, place) }
    self.place += got
    return got
  }

  package func skip(_ count: Int) throws -> Int {
    let skipped = min(count, max(0, min(end, try FileSource.size(of: descriptor)) - place))
    place += skipped
    return skipped
  }

  /// How many bytes an open file has; throws `SystemFailure`.
  package static func size(of descriptor: Int32) throws(SystemFailure) -> Int {
    var facts = csystem_file()
    try check("fstat", "input") { csystem_look_at_file(descriptor, &facts) }
    return Int(facts.bytes)
  }

  /// The bytes from `start` on, fewer only at the end of the file; throws `SystemFailure`.
  static func bytes(_ descriptor: Int32, at start: Int, _ count: Int) throws -> [UInt8] {
    try FileSource(descriptor, from: start, to: start + count).bytes(count)
  }
}
