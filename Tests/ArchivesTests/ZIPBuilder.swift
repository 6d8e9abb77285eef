import Basics
import CImage
import Glibc
import XCTest

@testable import Archives

/// A ZIP archive byte by byte, whose every number can be made to lie.
struct ZIPBuilder {
  /// What headers say of one entry; nil for the truth.
  struct Lies {
    var size: Int?
    var packedSize: Int?
    var sum: UInt32?
    var localName: String?
    var localMethod: Int?
    var localSize: Int?
    var place: Int?
    var isInDescriptor = false
    var method: Int?
  }

  private(set) var body: [UInt8] = []
  private(set) var directory: [UInt8] = []
  private var count = 0
  var claimedCount: Int?
  var disk = 0
  var comment: [UInt8] = []

  static func little(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    guard let deflater = cimage_deflater_open(9, false, true) else { return [] }
    defer { cimage_deflater_close(deflater) }
    var (used, produced) = (0, 0)
    var result = [UInt8](repeating: 0, count: bytes.count + bytes.count / 8 + 64)
    let room = result.count
    XCTAssertTrue(cimage_deflater_run(deflater, bytes, bytes.count, true, &result, room, &used, &produced))
    return Array(result[..<produced])
  }

  mutating func add(
    _ name: String, _ bytes: [UInt8], isStored: Bool = false, flags: Int = 1 << 11, mode: Int = 0o100644,
    maker: Int = 3, rawName: [UInt8]? = nil, extra: [UInt8] = [], lies: Lies = Lies()
  ) {
    let little = ZIPBuilder.little
    let packed = isStored ? bytes : ZIPBuilder.deflated(bytes)
    let name = rawName ?? Array(name.utf8)
    let localName = lies.localName.map { Array($0.utf8) } ?? name
    let flags = flags | (lies.isInDescriptor ? 8 : 0)
    let (sum, method) = (Int(lies.sum ?? cimage_crc(0, bytes, bytes.count)), lies.method ?? (isStored ? 0 : 8))
    let (size, packedSize) = (lies.size ?? bytes.count, lies.packedSize ?? packed.count)
    let place = lies.place ?? body.count
    let moment = little(12 << 11 | 34 << 5 | 28, 2) + little(44 << 9 | 5 << 5 | 6, 2)
    body += [0x50, 0x4B, 3, 4] + little(20, 2) + little(flags, 2) + little(lies.localMethod ?? method, 2) + moment
    body +=
      lies.isInDescriptor
      ? little(0, 12) : little(sum, 4) + little(packedSize, 4) + little(lies.localSize ?? size, 4)
    body += little(localName.count, 2) + little(0, 2) + localName + packed
    if lies.isInDescriptor { body += [0x50, 0x4B, 7, 8] + little(sum, 4) + little(packedSize, 4) + little(size, 4) }
    directory += [0x50, 0x4B, 1, 2] + little(maker << 8 | 20, 2) + little(20, 2) + little(flags, 2) + little(method, 2)
    directory += moment + little(sum, 4) + little(packedSize, 4) + little(size, 4) + little(name.count, 2)
    directory += little(extra.count, 2) + little(0, 6) + little(mode << 16, 4) + little(place, 4) + name + extra
    count += 1
  }

  var bytes: [UInt8] {
    let little = ZIPBuilder.little
    let counts = little(claimedCount ?? count, 2)
    return body + directory + [0x50, 0x4B, 5, 6] + little(disk, 2) + little(disk, 2) + counts + counts
      + little(directory.count, 4) + little(body.count, 4) + little(comment.count, 2) + comment
  }
}

/// Opens bytes as a file for the time of a test.
func withFile<Result>(_ bytes: [UInt8], _ body: (Int32) throws -> Result) throws -> Result {
  let file = try MemoryFile.make(bytes)
  defer { close(file) }
  return try body(file)
}

/// The kind and sentence of what is thrown; nil when nothing is.
func fault(_ body: () throws -> Void) -> ArchiveFault? {
  do {
    try body()
    return nil
  } catch {
    if let fault = error as? ArchiveFault { return fault }
    XCTFail("\(error) is no fault of an archive")
    return nil
  }
}
