import Basics
import Glibc
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// Conversions of several files into one.
final class JointConversionTests: XCTestCase {
  private func join(
    _ sources: [TestFile], to target: Format, _ options: [String: String] = [:], from: Format? = nil
  ) throws -> (outcome: ConversionOutcome, file: TestFile) {
    let output = try TestFile()
    let outcome = try Catalogue.standard.convert(
      Conversion(from: from, to: target, options: try ConversionOptions(options)), limits: ConversionLimits(),
      files: ConversionFiles(sources: sources.map(\.descriptor), output: output.descriptor))
    withExtendedLifetime(sources) {}
    return (outcome, output)
  }

  private let merge = ["merge": "true"]
  private let compare = ["compare": "true"]

  func testMerge_OfMixedPictures_HasAPageOfEach() throws {
    let jpeg = try Picture.gradient(64, 40, 3).jpeg()
    let sources = [try Picture.gradient(30, 20, 4).png(), jpeg, try Picture.gradient(10, 50, 1).png()]
    let (outcome, pdf) = try join(sources, to: .pdf, merge)
    XCTAssertEqual([outcome.width, outcome.height], [30, 20])
    let text = String(decoding: pdf.bytes, as: Unicode.ASCII.self)
    XCTAssertEqual(
      text.matches(of: /\/MediaBox \[([^\]]*)\]/).map { String($0.1) },
      ["0 0 22.500 15", "0 0 48 30", "0 0 7.500 37.500"])
    XCTAssert(text.contains("/Count 3"))
    XCTAssertEqual(text.matches(of: /\/DCTDecode/).count, 1)
    XCTAssertNotNil(pdf.bytes.firstRange(of: jpeg.bytes))
    XCTAssertEqual(text.matches(of: /\/SMask/).count, 1)
  }

  func testMerge_OfOneSource_IsTheDocumentWithoutMerge() throws {
    let source = try Picture.gradient(30, 20, 4).png()
    XCTAssertEqual(try join([source], to: .pdf, merge).file.bytes, try join([source], to: .pdf).file.bytes)
  }

  func testMerge_WithADamagedPicture_NamesIt() throws {
    let damaged = try TestFile(Array(try Picture.gradient(60, 60, 3).jpeg().bytes.dropLast(40)))
    let sources = [try Picture.gradient(8, 8, 3).png(), damaged]
    let failed = failure { _ = try join(sources, to: .pdf, merge) }
    XCTAssertEqual(failed?.code, .damagedFile)
    XCTAssertEqual(failed?.message.hasPrefix("file 2: the JPEG file is damaged"), true)
    let text = failure { _ = try join([sources[0], try TestFile(Array("words\n".utf8))], to: .pdf, merge) }
    XCTAssertEqual(text?.message, "file 2: the file is text, which cannot become PDF")
  }

  func testFrom_WithAFormat_HasToBeThatOfEverySource() throws {
    let sources = [try Picture.gradient(8, 8, 3).png(), try Picture.gradient(8, 8, 3).jpeg()]
    let failed = failure { _ = try join(sources, to: .pdf, merge, from: .png) }
    XCTAssertEqual(failed?.code, .formatMismatch)
    XCTAssertEqual(failed?.message, "file 2: the file was declared as PNG but is a JPEG picture")
  }

  func testCompare_ToJSONAndPNG_HasMeasuresAndDifference() throws {
    let (one, other) = (Picture.gradient(37, 21, 3), Picture(37, 21, 3) { _, _, _ in 7 })
    let same = try join([try one.png(), try one.png()], to: .json, compare)
    XCTAssertEqual(
      String(decoding: same.file.bytes, as: UTF8.self),
      #"{"ae":0,"mae":0,"ncc":1,"psnr":null,"rmse":0,"ssim":1}"# + "\n")
    let (outcome, file) = try join([try one.png(), try other.png()], to: .png, compare)
    XCTAssertEqual([outcome.width, outcome.height], [37, 21])
    var expected = one
    expected.samples = one.samples.map { $0 > 7 ? $0 - 7 : 7 - $0 }
    XCTAssertEqual(try Picture(png: file), expected)
  }

  func testCompare_OfWhatCannotBeCompared_SaysWhy() throws {
    let (one, other) = (try Picture.gradient(8, 9, 3).png(), try Picture.gradient(9, 8, 3).png())
    XCTAssertEqual(
      failure { _ = try join([one, other], to: .json, compare) }?.message,
      "the pictures have different sides: 8 x 9 and 9 x 8")
    let damaged = try TestFile(Array(one.bytes.dropLast(30)))
    let failed = failure { _ = try join([one, damaged], to: .png, compare) }
    XCTAssertEqual(failed?.code, .damagedFile)
    XCTAssertEqual(failed?.message.hasPrefix("file 2: "), true)
  }

  func testSums_OfAnything_AreLinesOfHexadecimal() throws {
    let sums: [(Format, String)] = [
      (.md5, "900150983cd24fb0d6963f7d28e17f72"), (.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), (.crc32, "352441c2"),
    ]
    for (target, sum) in sums {
      let (outcome, file) = try join([try TestFile(Array("abc".utf8))], to: target)
      XCTAssertEqual(String(decoding: file.bytes, as: UTF8.self), sum + "\n")
      XCTAssertNil(outcome.width)
    }
  }

  func testSeveralSources_WithoutBeingJoint_AreRefused() throws {
    let source = try Picture.gradient(8, 8, 3).png()
    XCTAssertEqual(failure { _ = try join([source, source], to: .png) }?.code, .internalError)
    XCTAssertEqual(failure { _ = try join([], to: .pdf, merge) }?.code, .unsupportedConversion)
  }

  func testProblem_OfEachKind_NamesItsOption() throws {
    func problem(_ to: Format, _ options: [String: String], _ sources: Int, overlay: Bool = false, names: [String] = [])
      throws -> (option: String?, text: String)?
    {
      let conversion = Conversion(from: nil, to: to, options: try ConversionOptions(options), names: names)
      return Catalogue.standard.problem(conversion, sources: sources, hasOverlay: overlay)
    }
    for (to, options, sources) in [
      (.png, [:], 1), (.png, [:], 5000), (.pdf, [:], 5000), (.pdf, merge, 200), (.zip, [:], 200), (.json, compare, 2),
      (.png, compare, 2), (.sha256, [:], 5000),
    ] as [(Format, [String: String], Int)] {
      XCTAssertNil(try problem(to, options, sources))
    }
    for (to, options, sources, option) in [
      (.png, [:], 0, nil), (.pdf, merge, 201, nil), (.zip, [:], 201, nil), (.json, compare, 1, "compare"),
      (.png, compare, 3, "compare"), (.jpeg, compare, 2, "compare"), (.png, merge, 2, "merge"),
    ] as [(Format, [String: String], Int, String?)] {
      let found = try XCTUnwrap(try problem(to, options, sources), "\(to) \(options) \(sources)")
      XCTAssertEqual(found.option, option)
    }
    XCTAssertNil(try problem(.pdf, merge, 3, overlay: true))
    for to in [.zip, .json, .md5] as [Format] { XCTAssertNotNil(try problem(to, [:], 1, overlay: true)) }
    XCTAssertNotNil(try problem(.png, compare, 2, overlay: true))
    XCTAssertNil(try problem(.zip, [:], 2, names: ["a", "b"]))
    XCTAssertNotNil(try problem(.zip, [:], 2, names: ["a"]))
  }

  func testConversionFiles_OfReceivedDescriptors_AreTakenApartOrRefused() {
    let most = ConversionFiles.mostSources
    let files = ConversionFiles([7, 8, 9, 10], hasOverlay: true)
    XCTAssertEqual(files?.sources, [7, 8])
    XCTAssertEqual(files?.overlay, 9)
    XCTAssertEqual(files?.output, 10)
    XCTAssertEqual(ConversionFiles([7, 8], hasOverlay: false)?.sources, [7])
    for (count, hasOverlay) in [(0, false), (1, false), (0, true), (2, true), (most + 2, false), (most + 3, true)] {
      XCTAssertNil(ConversionFiles([Int32](repeating: 5, count: count), hasOverlay: hasOverlay))
    }
    XCTAssertNotNil(ConversionFiles([Int32](repeating: 5, count: most + 2), hasOverlay: true))
  }

  func testChildRequest_OfAnyShape_IsReadOrRefused() throws {
    let conversion = Conversion(
      from: nil, to: .pdf, options: try ConversionOptions(merge), maxPixels: 5, names: ["a", "\u{1}\""])
    guard
      case .convert(conversion, hasOverlay: true, mostBytes: 9, stays: true)? = ChildRequest(
        try JSONReader.parse(
          ChildRequest.convert(conversion, hasOverlay: true, mostBytes: 9, stays: true).json.text.utf8))
    else { return XCTFail("it is not what was sent") }
    let bad = [
      "{}", "[]", "1", #"{"conversion":{"from":"nope","to":"pdf","options":{},"names":[]},"overlay":false}"#,
      #"{"conversion":{"from":null,"to":"nope","options":{},"names":[]},"overlay":false}"#,
      #"{"conversion":{"from":null,"to":"pdf","options":{"merge":"maybe"},"names":[]},"overlay":false}"#,
      #"{"conversion":{"from":null,"to":"pdf","options":{},"names":{}},"overlay":false}"#,
      #"{"conversion":{"from":null,"to":"pdf","options":{},"names":[]},"overlay":3}"#,
      #"{"conversion":{"from":null,"to":"pdf","options":{},"names":[]},"overlay":false,"most_bytes":0,"stays":false}"#,
    ]
    for text in bad { XCTAssertNil(ChildRequest(try JSONReader.parse(text.utf8)), text) }
  }
}
