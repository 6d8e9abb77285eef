import Basics
import CImage
import XCTest

@testable import Archives

/// Gzip files with one or several members, and damaged ones.
final class GZIPTests: XCTestCase {
  private let text = Array(String(repeating: "to be or not to be; ", count: 9000).utf8)

  private func member(
    _ content: [UInt8], flags: UInt8 = 0, _ fields: [UInt8] = [], sum: UInt32? = nil, size: Int? = nil
  ) -> [UInt8] {
    let sum = sum ?? cimage_crc(0, content, content.count)
    return [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 3] + fields + ZIPBuilder.deflated(content)
      + ZIPBuilder.little(Int(sum), 4) + ZIPBuilder.little(size ?? content.count, 4)
  }

  private func read(_ bytes: [UInt8], _ limits: ArchiveLimits = ArchiveLimits(), atMost: Int = .max) throws -> [UInt8] {
    try GZIPSource(BytesSource(bytes, atMost: atMost), limits: limits).whole()
  }

  func testRead_GivesWhatTheWriterWrote() throws {
    var bytes: [UInt8] = []
    let writer = try GZIPWriter { bytes += $0 }
    for start in stride(from: 0, to: text.count, by: 7777) {
      try text[start..<min(start + 7777, text.count)].withUnsafeBytes(writer.write)
    }
    try writer.finish()
    XCTAssertEqual(try read(bytes), text)
    XCTAssertEqual(try read(bytes, atMost: 1), text)
    XCTAssertLessThan(bytes.count, 2000)
  }

  func testRead_JoinsMembersAndTakesZerosBehindThem() throws {
    XCTAssertEqual(
      try read(member([1, 2]) + member([]) + member([3]) + [UInt8](repeating: 0, count: 100)), [1, 2, 3])
  }

  func testInit_TakesEveryFieldOfTheHeader() throws {
    var header: [UInt8] = [0x1F, 0x8B, 8, 0x1E, 0, 0, 0, 0, 0, 3, 3, 0, 9, 9, 9]
    header += Array("ä.txt".utf8) + [0] + Array("note".utf8) + [0]
    let sum = ZIPBuilder.little(Int(cimage_crc(0, header, header.count)) & 0xFFFF, 2)
    let bytes = member([5], flags: 0x1E, Array(header[10...]) + sum)
    let source = try GZIPSource(BytesSource(bytes))
    XCTAssertEqual(source.name, "ä.txt")
    XCTAssertEqual(try source.whole(), [5])
    XCTAssertNotNil(fault { _ = try read(member([5], flags: 0x1E, Array(header[10...]) + [0, 0])) })
  }

  func testRead_RefusesWrongSumsAndSizes() {
    XCTAssertEqual(
      fault { _ = try read(member([1], sum: 5)) }?.sentence, "its check sum is wrong, so it is damaged")
    XCTAssertEqual(fault { _ = try read(member([1], size: 5)) }?.sentence, "it has 1 bytes, and says otherwise")
  }

  func testRead_RefusesEveryBeginningAndWhatFollows() {
    let whole = member(Array("hello hello hello".utf8))
    for count in 0..<whole.count { XCTAssertNotNil(fault { _ = try read(Array(whole[..<count])) }, "\(count)") }
    for more: [UInt8] in [[1], [0x1F], [0x1F, 0x8B], [0, 0x1F, 0x8B]] {
      XCTAssertNotNil(fault { _ = try read(whole + more) }, "\(more)")
    }
  }

  func testRead_RefusesBombs() {
    let bomb = member([UInt8](repeating: 0, count: 1 << 20))
    var limits = ArchiveLimits()
    limits.plentyBytes = 1 << 10
    XCTAssertEqual(fault { _ = try read(bomb, limits) }?.kind, .tooLarge)
    limits = ArchiveLimits()
    limits.totalBytes = 1000
    XCTAssertEqual(fault { _ = try read(bomb, limits) }?.kind, .tooLarge)
  }

  func testRead_EndsWithEveryByteWrong() {
    let whole = member(Array("hello hello hello".utf8))
    for place in whole.indices {
      for change in [UInt8(1), 0x80, 0xFF] {
        var bytes = whole
        bytes[place] ^= change
        _ = fault { _ = try read(bytes) }
      }
    }
  }
}
