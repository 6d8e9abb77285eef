import Basics
package import Formats
import Glibc

/// A file written through a buffer, for the formats that are encoded here.
package final class ByteOutput {
  private static let capacity = 1 << 16

  /// Asked before bytes are written; throws when they may not be.
  package typealias Room = (Int64) throws(ConversionFailure) -> Void

  private let descriptor: Int32
  private let room: Room?
  private var buffer: [UInt8] = []
  /// Where in the file the buffer begins.
  private var offset: Int64
  private var end: Int64 = 0

  package init(_ descriptor: Int32, offset: Int64 = 0, room: Room? = nil) {
    self.descriptor = descriptor
    self.room = room
    self.offset = offset
    buffer.reserveCapacity(ByteOutput.capacity)
  }

  package var position: Int64 { offset + Int64(buffer.count) }

  package func seek(to position: Int64) throws(ConversionFailure) {
    try flush()
    offset = position
  }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(ConversionFailure) {
    if buffer.count + bytes.count > ByteOutput.capacity { try flush() }
    if bytes.count > ByteOutput.capacity { return try put(bytes) }
    buffer.append(contentsOf: bytes)
  }

  package func write(_ bytes: [UInt8]) throws(ConversionFailure) {
    do {
      try bytes.withUnsafeBytes { try write($0) }
    } catch let failure as ConversionFailure {
      throw failure
    } catch {
      throw ConversionFailure(.internalError, "the output cannot be written")
    }
  }

  package func write(_ text: String) throws(ConversionFailure) { try write(Array(text.utf8)) }

  @inline(__always)
  package func write(_ byte: UInt8) throws(ConversionFailure) {
    if buffer.count == ByteOutput.capacity { try flush() }
    buffer.append(byte)
  }

  /// Writes what is buffered and tells how long the file is.
  package func finish() throws(ConversionFailure) -> Int64 {
    try flush()
    return end
  }

  private func flush() throws(ConversionFailure) {
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    do {
      try bytes.withUnsafeBytes { try put($0) }
    } catch let failure as ConversionFailure {
      throw failure
    } catch {
      throw ConversionFailure(.internalError, "the output cannot be written")
    }
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws(ConversionFailure) {
    // What is written over is there already.
    let added = offset + Int64(bytes.count) - end
    if let room, added > 0 { try room(added) }
    var done = 0
    while done < bytes.count {
      let from = done
      do throws(SystemFailure) {
        done += try check("pwrite", "output") {
          pwrite(descriptor, bytes.baseAddress.map { $0 + from }, bytes.count - from, Int(offset))
        }
      } catch {
        throw ConversionFailure(error)
      }
      offset += Int64(done - from)
      guard done > from else { throw ConversionFailure(SystemFailure("pwrite", "output", code: ENOSPC)) }
    }
    end = max(end, offset)
  }
}

/// Numbers as bytes, lowest or highest first.
package enum ByteOrder {
  package static func little16(_ value: Int) -> [UInt8] { (0..<2).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
  package static func little32(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
  package static func little64(_ value: Int64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
  static func big32(_ value: Int) -> [UInt8] { little32(value).reversed() }
}
