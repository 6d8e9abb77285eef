import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class WatermarkTests: XCTestCase {
  /// Lays one picture over another and returns the result as a PNG's pixels.
  private func lay(
    _ mark: TestFile, over picture: Picture, _ options: [String: String] = [:], to target: Format = .png
  ) throws -> TestFile {
    let (input, output) = (try picture.png(), try TestFile())
    let files = ConversionFiles(sources: [input.descriptor], overlay: mark.descriptor, output: output.descriptor)
    _ = try Catalogue.standard.convert(
      Conversion(from: .png, to: target, options: try ConversionOptions(options)), limits: ConversionLimits(),
      files: files)
    withExtendedLifetime(input) {}
    return output
  }

  private func flat(_ width: Int, _ height: Int, _ samples: [Int]) -> Picture {
    Picture(width, height, samples.count) { _, _, channel in samples[channel] }
  }

  /// Where in a black picture a white mark of 4 x 2 pixels came to lie.
  private func place(_ options: [String: String], width: Int = 40, height: Int = 20) throws -> [Int] {
    let result = try Picture(png: try lay(flat(4, 2, [255]).png(), over: flat(width, height, [0]), options))
    let lit = result.samples.indices.filter { result.samples[$0] == 255 }
    let (first, last) = (try XCTUnwrap(lit.first), try XCTUnwrap(lit.last))
    return [first % width, first / width, last % width - first % width + 1, last / width - first / width + 1]
  }

  func testPosition_OfEachName_HasItsPlaceAndMargin() throws {
    let places = [
      "top-left": [3, 3], "top-center": [18, 3], "top-right": [33, 3], "center-left": [3, 9], "center": [18, 9],
      "center-right": [33, 9], "bottom-left": [3, 15], "bottom-center": [18, 15], "bottom-right": [33, 15],
    ]
    XCTAssertEqual(Set(places.keys), Set(WatermarkPlace.names))
    for (name, corner) in places {
      XCTAssertEqual(try place(["watermark_position": name, "watermark_margin": "3"]), corner + [4, 2], name)
    }
  }

  func testMargin_ThatDoesNotFit_GivesWay() throws {
    XCTAssertEqual(try place(["watermark_margin": "16383"]), [0, 0, 4, 2])
    XCTAssertEqual(try place(["watermark_margin": "16383", "watermark_position": "top-left"]), [36, 18, 4, 2])
    XCTAssertEqual(try place([:]), [4, 0, 4, 2])
  }

  func testSides_AreThePicturesShareAndNeverBeyondIt() {
    func sides(_ own: (Int, Int), _ picture: (Int, Int), _ percent: Int?) -> [Int] {
      let result = Watermark.sides(
        of: PictureHeader(width: own.0, height: own.1, channels: 4),
        on: PictureHeader(width: picture.0, height: picture.1, channels: 3), percent: percent)
      return [result.width, result.height]
    }
    XCTAssertEqual(sides((10, 20), (100, 100), nil), [10, 20])
    XCTAssertEqual(sides((200, 50), (100, 100), nil), [100, 25])
    XCTAssertEqual(sides((50, 200), (100, 100), nil), [25, 100])
    XCTAssertEqual(sides((10, 20), (100, 100), 40), [40, 80])
    XCTAssertEqual(sides((10, 20), (100, 100), 100), [50, 100])
    XCTAssertEqual(sides((1000, 1), (20, 20), 1), [1, 1])
    XCTAssertEqual(sides((16_384, 1), (1, 1), nil), [1, 1])
  }

  func testOverlay_LargerThanThePicture_CoversIt() throws {
    let result = try Picture(png: try lay(flat(300, 200, [200, 10, 20]).png(), over: flat(30, 20, [0, 0, 0])))
    XCTAssertEqual(result, flat(30, 20, [200, 10, 20]))
  }

  func testAlpha_OfBoth_IsMixed() throws {
    let options = ["watermark_position": "center"]
    let over = flat(5, 5, [255, 0, 0, 128])
    XCTAssertEqual(
      try Picture(png: try lay(over.png(), over: flat(5, 5, [0, 0, 255]), options)), flat(5, 5, [128, 0, 127]))
    // 128/255 over half of nothing leaves what the mark has.
    XCTAssertEqual(
      try Picture(png: try lay(over.png(), over: flat(5, 5, [0, 0, 255, 0]), options)), flat(5, 5, [255, 0, 0, 128]))
    XCTAssertEqual(
      try Picture(png: try lay(over.png(), over: flat(5, 5, [0, 0, 255, 128]), options)),
      flat(5, 5, [170, 0, 85, 192]))
    let unseen = flat(5, 5, [255, 0, 0, 0])
    XCTAssertEqual(
      try Picture(png: try lay(unseen.png(), over: flat(5, 5, [9, 8, 7, 6]), options)), flat(5, 5, [9, 8, 7, 6]))
  }

  func testOpacity_IsAShareOfTheMarksOwn() throws {
    for (percent, red) in [(0, 0), (50, 128), (100, 255)] {
      let result = try lay(
        flat(2, 2, [255, 255, 255]).png(), over: flat(2, 2, [0, 0, 0]), ["watermark_opacity": "\(percent)"])
      XCTAssertEqual(try Picture(png: result), flat(2, 2, [red, red, red]))
    }
  }

  func testGreyPicture_UnderColour_BecomesColourAndUnderGreyStays() throws {
    let options = ["watermark_margin": "0", "watermark_position": "top-left"]
    let result = try Picture(png: try lay(flat(1, 1, [200, 10, 20]).png(), over: flat(2, 1, [90]), options))
    XCTAssertEqual(result.samples, [200, 10, 20, 90, 90, 90])
    let grey = try Picture(png: try lay(flat(1, 1, [7, 255]).png(), over: flat(2, 1, [90, 30]), options))
    XCTAssertEqual(grey.samples, [7, 255, 90, 30])
    let asked = try Picture(
      png: try lay(
        flat(1, 1, [255, 255, 255]).png(), over: flat(2, 1, [90, 90, 90]), options.merging(["grayscale": "true"]) { $1 }
      ))
    XCTAssertEqual(asked.samples, [255, 90])
  }

  func testEveryPictureTarget_TakesAWatermark() throws {
    let mark = try flat(9, 9, [255, 0, 0, 99]).png()
    for target in PictureTarget.all.map(\.format) {
      for channels in 1...4 {
        XCTAssertNoThrow(
          try lay(mark, over: Picture.gradient(50, 40, channels), to: target), "\(target) of \(channels)")
      }
    }
  }

  func testJPEG_WithAWatermark_IsNotPassedThroughToAPDF() throws {
    let (input, output) = (try Picture.gradient(64, 40, 3).jpeg(), try TestFile())
    let mark = try flat(9, 9, [255, 0, 0]).png()
    let files = ConversionFiles(sources: [input.descriptor], overlay: mark.descriptor, output: output.descriptor)
    _ = try Catalogue.standard.convert(Conversion(from: .jpeg, to: .pdf), limits: ConversionLimits(), files: files)
    XCTAssertFalse(String(decoding: output.bytes, as: UTF8.self).contains("/DCTDecode"))
    withExtendedLifetime((input, mark)) {}
  }

  func testOverlay_ThatIsNoPictureOrTooLarge_IsNamed() throws {
    let text = try TestFile(Array("hello there\n".utf8))
    let failed = failure { _ = try lay(text, over: flat(5, 5, [0])) }
    XCTAssertEqual(failed?.message, "the watermark: the file is text, which cannot be read")
    let damaged = try TestFile(Array(try Picture.gradient(60, 60, 3).png().bytes.dropLast(30)))
    XCTAssertEqual(failure { _ = try lay(damaged, over: flat(80, 80, [0])) }?.code, .damagedFile)
    var wide = PNGBuilder(width: 1_000_001, height: 1, bits: 8, colorType: 0)
    wide.chunk("IDAT", [0x78, 0x01])
    let wideFile = try TestFile(wide.bytes)
    XCTAssertEqual(failure { _ = try lay(wideFile, over: flat(5, 5, [0])) }?.code, .tooManyPixels)
    XCTAssertNotNil(failure { _ = try lay(try flat(2, 2, [1]).png(), over: flat(5, 5, [0]), to: .json) })
  }
}
