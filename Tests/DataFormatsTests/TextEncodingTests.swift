import DataFormats
import XCTest

final class TextEncodingTests: XCTestCase {
  private let text = "né,b\n€😀,2\n"
  private let wanted = "{\"né\":\"€😀\",\"b\":\"2\"}\n"

  func testEncoding_IsFoundByItsMark() {
    XCTAssertEqual(read([0xEF, 0xBB, 0xBF] + Array(text.utf8)), wanted)
    XCTAssertEqual(read([0xFF, 0xFE] + little(text)), wanted)
    XCTAssertEqual(read([0xFE, 0xFF] + big(text)), wanted)
  }

  func testEncoding_IsFoundByZeroBytes() {
    XCTAssertEqual(read(little("a,b\né,2")), "{\"a\":\"é\",\"b\":\"2\"}\n")
    XCTAssertEqual(read(big("a,b\né,2")), "{\"a\":\"é\",\"b\":\"2\"}\n")
  }

  func testEncoding_IsWindows1252WhereItIsNoUTF8() {
    let bytes = Array("a,b\n".utf8) + [0xE9, 0x2C, 0x80, 0x93]
    XCTAssertEqual(read(bytes), "{\"a\":\"é\",\"b\":\"€“\"}\n")
  }

  func testEncoding_OfUTF8ThatIsDamagedIsNotTakenForAnother() {
    let sentence =
      "line 2, column 3: the text is not UTF-8: a byte belongs to no character; "
      + "text in another encoding needs its name"
    XCTAssertEqual(read(Array("é,b\n1,".utf8) + [0xE9]), sentence)
    XCTAssertEqual(read(Array("a,b\n1,".utf8) + [0xE9]) { $0.encoding = .utf8 }, sentence)
    XCTAssertEqual(read(Array("é\n1".utf8) + [0xE9]) { $0.encoding = .windows1252 }, "{\"Ã©\":\"1é\"}\n")
  }

  func testEncoding_OfUTF16ThatIsDamagedIsRefused() {
    for end: [UInt8] in [[0x00, 0xD8], [0x00, 0xDC], [0x00, 0xD8, 0x41, 0x00], [0x41]] {
      XCTAssertTrue(read([0xFF, 0xFE] + little("a\n1") + end).contains("the text is not UTF-8"), "\(end)")
    }
  }

  func testEncoding_OfALongTextIsDecodedPieceByPiece() {
    let long = "a\n" + String(repeating: "é€😀x\n", count: 200_000)
    let lines = String(repeating: "{\"a\":\"é€😀x\"}\n", count: 200_000)
    XCTAssertEqual(read([0xFF, 0xFE] + little(long)), lines)
    XCTAssertEqual(read([0xFE, 0xFF] + big(long)), lines)
  }

  func testEncoding_OfTheOutputIsWhatWasAskedFor() {
    let json = Array("[{\"a\":\"é€\",\"b\":\"😀\"}]".utf8)
    let table = "a,b\r\né€,😀\r\n"
    func made(_ encoding: TextEncoding) -> [UInt8] { convertedBytes(json, .json, .csv) { $0.encoding = encoding } }
    XCTAssertEqual(made(.utf8), Array(table.utf8))
    XCTAssertEqual(made(.utf8WithMark), [0xEF, 0xBB, 0xBF] + Array(table.utf8))
    XCTAssertEqual(made(.utf16LittleEndian), [0xFF, 0xFE] + little(table))
    XCTAssertEqual(made(.utf16BigEndian), [0xFE, 0xFF] + big(table))
    XCTAssertEqual(
      String(decoding: made(.windows1252), as: UTF8.self), "Windows-1252 has no ‘😀’; UTF-8 has every character")
    let latin = convertedBytes(Array("{\"a\":\"é€\"}".utf8), .json, .csv) { $0.encoding = .windows1252 }
    XCTAssertEqual(latin, Array("a\r\n".utf8) + [0xE9, 0x80, 0x0D, 0x0A])
  }

  func testEncoding_OfALongOutputIsWholeAcrossPieces() {
    for shift in 0..<4 {
      let long = String(repeating: "x", count: shift) + String(repeating: "😀é€", count: 20_000)
      let made = convertedBytes(Array("{\"a\":\"\(long)\"}".utf8), .json, .csv) { $0.encoding = .utf16LittleEndian }
      XCTAssertTrue(made == [0xFF, 0xFE] + little("a\r\n\(long)\r\n"), "\(shift)")
    }
  }

  func testEncoding_OfOneByte_IsReadAndWritten() throws {
    let rows: [(String, [UInt8], String)] = [
      ("windows-1250", [0x8A, 0xB9], "Šą"), ("windows-1251", [0xCF, 0xF0, 0xE8], "При"),
      ("iso-8859-2", [0xB1, 0xEA], "ąę"), ("iso-8859-15", [0xA4], "€"), ("koi8-r", [0xF0, 0xD2, 0xC9], "При"),
      ("ISO-8859-1", [0xE9], "é"), ("iso-8859-7", [0xE1], "α"), ("koi8-u", [0xA4], "є"),
    ]
    for (name, bytes, text) in rows {
      let encoding = try XCTUnwrap(TextEncoding(name: name), name)
      XCTAssertEqual(read(Array("a\n".utf8) + bytes) { $0.encoding = encoding }, "{\"a\":\"\(text)\"}\n", name)
      let made = convertedBytes(Array("{\"a\":\"\(text)\"}".utf8), .json, .csv) { $0.encoding = encoding }
      XCTAssertEqual(made, Array("a\r\n".utf8) + bytes + [0x0D, 0x0A], name)
    }
    let made = convertedBytes(Array("{\"a\":\"é\"}".utf8), .json, .csv) { $0.encoding = .table(.koi8R) }
    XCTAssertEqual(String(decoding: made, as: UTF8.self), "koi8-r has no ‘é’; UTF-8 has every character")
  }

  func testEncoding_IsKnownByItsNames() {
    XCTAssertEqual(TextEncoding(name: "UTF-8-BOM"), .utf8WithMark)
    XCTAssertEqual(TextEncoding(name: "cp1252"), .windows1252)
    XCTAssertNil(TextEncoding(name: "ebcdic"))
    XCTAssertEqual(TextEncoding.utf16BigEndian.name, "utf-16be")
  }

  private func read(_ bytes: [UInt8], _ set: (inout DataOptions) -> Void = { _ in }) -> String {
    String(decoding: convertedBytes(bytes, .csv, .ndjson, set), as: UTF8.self)
  }

  private func little(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }
  private func big(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } }
}
