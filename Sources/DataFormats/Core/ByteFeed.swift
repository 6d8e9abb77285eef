package import Basics
import Glibc

/// The bytes of a document, in pieces and in order; only what has not been read yet is held.
package final class ByteFeed {
  /// How many bytes are asked for at once.
  package static let piece = 1 << 18

  private let source: Source
  private var memory: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var offset = 0

  private enum Source {
    case bytes([UInt8])
    case file(Int32)
    case decoded(TextDecoder)
  }

  /// A document that is in memory.
  package convenience init(_ bytes: [UInt8]) { self.init(.bytes(bytes)) }

  /// An open file that can be read from any place; it is not closed here.
  package convenience init(descriptor: Int32) { self.init(.file(descriptor)) }

  /// The text of another feed in UTF-8, which is read by this one alone from now on.
  package convenience init(_ feed: ByteFeed, decoding encoding: TextEncoding) {
    self.init(.decoded(TextDecoder(feed, encoding)))
  }

  private init(_ source: Source) {
    self.source = source
    memory = .allocate(byteCount: Self.piece, alignment: 16)
  }

  deinit { memory.deallocate() }

  /// What has been fetched and not been taken; true for as long as nothing else of the feed is called.
  package var unread: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

  /// Where in the document the first unread byte stands.
  package var position: Int { offset - (end - start) }

  /// Takes the first `count` unread bytes, which must be there.
  package func advance(_ count: Int) {
    precondition(count >= 0 && count <= end - start)
    start += count
  }

  /// Fetches more behind what is unread, which moves; false at the end of the document.
  ///
  /// Room is made where a single token needs it. Throws `SystemFailure` when the file cannot be read.
  package func fetch() throws(SystemFailure) -> Bool {
    makeRoom()
    let count = try read(UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
    end += count
    offset += count
    return count > 0
  }

  /// Goes back to the first byte of the document, for what has to be read twice.
  package func rewind() {
    start = 0
    end = 0
    offset = 0
    if case .decoded(let decoder) = source { decoder.rewind() }
  }

  /// All that is left, or nil where it is more than `most` bytes.
  ///
  /// Throws as `fetch` does.
  package func rest(atMost most: Int) throws(SystemFailure) -> [UInt8]? {
    var all: [UInt8] = []
    repeat {
      guard all.count + unread.count <= most else { return nil }
      all += unread
      advance(unread.count)
    } while try fetch()
    return all
  }

  private func makeRoom() {
    if start > 0 {
      if end > start, let base = memory.baseAddress { memmove(base, base + start, end - start) }
      end -= start
      start = 0
    }
    guard memory.count - end < Self.piece / 2 else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: memory.count * 2, alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<end]))
    memory.deallocate()
    memory = larger
  }

  private func read(_ place: UnsafeMutableRawBufferPointer) throws(SystemFailure) -> Int {
    switch source {
    case .bytes(let bytes):
      let count = min(place.count, bytes.count - offset)
      bytes.withUnsafeBytes { place.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
      return count
    case .decoded(let decoder): return try decoder.read(place)
    case .file(let descriptor):
      return try check("pread", "input") { pread(descriptor, place.baseAddress, place.count, offset) }
    }
  }
}
