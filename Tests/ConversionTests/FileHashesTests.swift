import Formats
import Conversion
import XCTest

final class FileHashesTests: XCTestCase {
  private func sums(_ bytes: [UInt8]) throws -> [String: String] {
    let file = try TestFile(bytes)
    let sums = try FileHashes.compute(ofFile: file.descriptor, named: "test")
    withExtendedLifetime(file) {}
    return Dictionary(uniqueKeysWithValues: sums.map { ($0.name, $0.sum) })
  }

  func testCompute_OfPublishedMessages_GivesTheirSums() throws {
    XCTAssertEqual(FileHashes.names, ["md5", "sha1", "sha256", "sha512", "crc32"])
    // RFC 1321 appendix A.5, FIPS 180-4's examples, and the check value of CRC-32.
    let abc = try sums(Array("abc".utf8))
    XCTAssertEqual(abc["md5"], "900150983cd24fb0d6963f7d28e17f72")
    XCTAssertEqual(abc["sha1"], "a9993e364706816aba3e25717850c26c9cd0d89d")
    XCTAssertEqual(abc["sha256"], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    XCTAssertEqual(
      abc["sha512"],
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
        + "454d4423643ce80e2a9ac94fa54ca49f")
    XCTAssertEqual(try sums(Array("123456789".utf8))["crc32"], "cbf43926")
    let empty = try sums([])
    XCTAssertEqual(empty["md5"], "d41d8cd98f00b204e9800998ecf8427e")
    XCTAssertEqual(empty["sha1"], "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    XCTAssertEqual(empty["crc32"], "00000000")
    let million = try sums([UInt8](repeating: 0x61, count: 1_000_000))
    XCTAssertEqual(million["md5"], "7707d6ae4e027c70eea2a935c2296f21")
    XCTAssertEqual(million["sha1"], "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
    XCTAssertEqual(
      million["sha512"],
      "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31b"
        + "eb009c5c2c49aa2e4eadb217ad8cc09b")
  }
}
