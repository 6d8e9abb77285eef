import CImage

/// The bytes of one entry, counted and summed while they pass.
final class ZIPContent: ByteSource {
  private let entry: ZIPReader.Entry
  private let source: any ByteSource
  private var count = 0
  private var sum: UInt32 = 0
  private var isChecked = false

  init(_ entry: ZIPReader.Entry, _ source: any ByteSource) {
    self.entry = entry
    self.source = source
  }

  func read(_ place: UnsafeMutableRawBufferPointer) throws -> Int {
    let got: Int
    do {
      got = try source.read(place)
    } catch let fault as ArchiveFault {
      throw ArchiveFault(fault.kind, "\(entry.shown) cannot be unpacked: \(fault.sentence)")
    }
    guard got <= entry.size - count else {
      throw ArchiveFault(.malformed, "\(entry.shown) has more than the \(entry.size) bytes that it announces")
    }
    count += got
    sum = cimage_crc(sum, place.assumingMemoryBound(to: UInt8.self).baseAddress, got)
    if got == 0, !isChecked { try check() }
    return got
  }

  private func check() throws {
    guard count == entry.size else {
      throw ArchiveFault(.malformed, "\(entry.shown) has \(count) bytes, and announces \(entry.size)")
    }
    guard sum == entry.checksum else {
      throw ArchiveFault(.malformed, "\(entry.shown) has a wrong check sum, so it is damaged")
    }
    // Nothing may hide behind the end of what DEFLATE made.
    if let inflated = source as? InflatedSource {
      let isMore = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { try inflated.readPlain($0) > 0 }
      if isMore { throw ArchiveFault(.malformed, "\(entry.shown) has bytes behind its compressed ones") }
    }
    isChecked = true
  }
}
