import CImage

/// The content of a gzip file (RFC 1952) with all of its members, whose end is reached only when every sum and size is right.
package final class GZIPSource: ByteSource {
  /// What the first member tells of its file.
  package private(set) var name: String?

  private let counted: CountedSource
  private let inflated: InflatedSource
  private let limits: ArchiveLimits
  private var sum: UInt32 = 0
  private var memberBytes = 0
  private var total = 0
  private var isEnded = false

  /// Reads the first header of compressed bytes, which come in order.
  ///
  /// Throws `ArchiveFault` and what the source throws.
  package init(_ source: any ByteSource, limits: ArchiveLimits = ArchiveLimits()) throws {
    self.limits = limits
    counted = CountedSource(source)
    inflated = try InflatedSource(counted)
    guard let magic = try plain(2), magic == [0x1F, 0x8B] else {
      throw ArchiveFault(.malformed, "it does not begin as gzip files do")
    }
    name = try readHeader()
  }

  package func read(_ place: UnsafeMutableRawBufferPointer) throws -> Int {
    while !isEnded {
      let got = try inflated.read(place)
      if got > 0 {
        sum = cimage_crc(sum, place.assumingMemoryBound(to: UInt8.self).baseAddress, got)
        memberBytes += got
        total += got
        try allow()
        return got
      }
      try finishMember()
    }
    return 0
  }

  private func allow() throws {
    guard total <= limits.totalBytes else {
      throw ArchiveFault(.tooLarge, "it unpacks to more than \(limits.totalBytes) bytes")
    }
    if total > limits.plentyBytes, total / limits.ratio > counted.count {
      throw ArchiveFault(.tooLarge, "it unpacks to more than \(limits.ratio) times its size, as bombs do")
    }
  }

  private func finishMember() throws {
    guard let trailer = try plain(8) else { throw ArchiveFault(.malformed, "it ends before its check sum") }
    guard trailer.little32(0) == Int(sum) else {
      throw ArchiveFault(.malformed, "its check sum is wrong, so it is damaged")
    }
    guard trailer.little32(4) == memberBytes & 0xFFFF_FFFF else {
      throw ArchiveFault(.malformed, "it has \(memberBytes) bytes, and says otherwise")
    }
    try beginMember()
  }

  /// Zeros may fill the file behind its last member, as tapes have them.
  private func beginMember() throws {
    var first = try plain(1)
    var isPadded = false
    while first == [0] {
      isPadded = true
      first = try plain(1)
    }
    guard let first else {
      isEnded = true
      return
    }
    guard !isPadded, first == [0x1F], try plain(1) == [0x8B] else {
      throw ArchiveFault(.malformed, "what stands behind its end is no gzip")
    }
    inflated.restart()
    (sum, memberBytes) = (0, 0)
    _ = try readHeader()
  }

  /// Exactly so many bytes as they stand in the file, or nil where it ends before.
  private func plain(_ count: Int) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = try bytes.withUnsafeMutableBytes { try inflated.readPlain(.init(rebasing: $0[filled...])) }
      if got == 0 { return nil }
      filled += got
    }
    return bytes
  }

  /// What follows the first two bytes of a member (section 2.3); gives its name.
  private func readHeader() throws -> String? {
    let cut = ArchiveFault(.malformed, "it ends within its header")
    guard let fixed = try plain(8) else { throw cut }
    guard fixed[0] == 8 else {
      throw ArchiveFault(.unsupported, "it is compressed by a method that gzip does not have")
    }
    let flags = fixed[1]
    guard flags & 0xE0 == 0 else { throw ArchiveFault(.unsupported, "its header has flags that mean nothing yet") }
    var header = [0x1F, 0x8B] + fixed
    if flags & 4 != 0 {
      guard let length = try plain(2), let extra = try plain(length.little16(0)) else { throw cut }
      header += length + extra
    }
    let name = flags & 8 != 0 ? try text(&header) : nil
    if flags & 16 != 0 { _ = try text(&header) }
    if flags & 2 != 0 {
      guard let sum = try plain(2) else { throw cut }
      guard sum.little16(0) == Int(cimage_crc(0, header, header.count)) & 0xFFFF else {
        throw ArchiveFault(.malformed, "the check sum of its header is wrong, so it is damaged")
      }
    }
    return name
  }

  /// Bytes up to a zero, which are UTF-8 or else Latin-1.
  private func text(_ header: inout [UInt8]) throws -> String {
    var bytes: [UInt8] = []
    while let byte = try plain(1)?[0] {
      header.append(byte)
      if byte == 0 {
        return bytes.text
      }
      guard bytes.count < limits.nameBytes else {
        throw ArchiveFault(.tooLarge, "its header has a text of more than \(limits.nameBytes) bytes")
      }
      bytes.append(byte)
    }
    throw ArchiveFault(.malformed, "it ends within its header")
  }
}
