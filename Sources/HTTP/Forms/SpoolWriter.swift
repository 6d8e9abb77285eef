import Basics
import Glibc

/// Writes one uploaded file into the spool; if it is not finished the file goes with the writer.
final class SpoolWriter {
  private let part: MultipartPart
  private let spool: Spool
  private let path: String
  private let descriptor: Int32
  private let room: SpoolFile.Room?
  private var size: Int64 = 0
  /// Small pieces, so that a body of tiny chunks does not cost a system call for each.
  private var collected: [UInt8] = []
  private static let smallPiece = 16 * 1024
  private var isFinished = false

  /// Creates a file that nobody else can guess or read; throws `SystemFailure`.
  init(_ part: MultipartPart, in spool: Spool, room: SpoolFile.Room? = nil, entropy: Entropy) throws {
    self.part = part
    self.spool = spool
    self.room = room
    (path, descriptor) = try spool.makeFile(
      "upload-" + Hexadecimal.encode(entropy.bytes(16)), O_WRONLY | O_EXCL)
  }

  deinit {
    close(descriptor)
    if !isFinished { spool.remove(path) }
  }

  /// Goes to the page cache on the calling thread; throws `SystemFailure` when the disk is full.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    size += Int64(bytes.count)
    if collected.count + bytes.count < SpoolWriter.smallPiece {
      collected.append(contentsOf: bytes)
      return
    }
    try flush()
    try writeAll(bytes)
  }

  func finish() throws -> SpoolFile {
    try flush()
    isFinished = true
    return SpoolFile(part: part, path: path, size: size, room: room, spool: spool)
  }

  private func flush() throws {
    guard !collected.isEmpty else { return }
    try collected.withUnsafeBytes { try writeAll($0) }
    collected.removeAll(keepingCapacity: true)
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
    try room?(Int64(bytes.count))
    var offset = 0
    while offset < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
      offset += try check("write", path) { Glibc.write(descriptor, rest.baseAddress, rest.count) }
    }
  }
}
