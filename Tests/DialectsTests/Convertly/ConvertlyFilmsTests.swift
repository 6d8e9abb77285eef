import Basics
import Conversion
import Storage
import TestSupport
import XCTest

@testable import Dialects

/// Convertly's tools for what programs of others make; skipped where they are not.
final class ConvertlyFilmsTests: XCTestCase {
  private func client(_ program: String, package: String) throws -> ConvertlyClient {
    let toolbox = Toolbox.find()
    try XCTSkipIf(
      toolbox.path(of: Program(program, package: package)) == nil, "\(program) is not here: apt-get install \(package)")
    return ConvertlyClient(server: try TestServer(makers: Makers.all, toolbox: toolbox))
  }

  private func film(_ client: ConvertlyClient) throws -> [UInt8] {
    let path = client.server.directory.path + "/film.mp4"
    let made = try Shell.run(
      "ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=3", "-f", "lavfi",
      "-i", "sine=duration=3", "-pix_fmt", "yuv420p", path)
    XCTAssertEqual(made.code, 0, made.text)
    return try FileBytes.read(path, atMost: 1 << 20)
  }

  func testToolsOfFilms() throws {
    let client = try client("ffmpeg", package: "ffmpeg")
    let film = try film(client)
    let form = MultipartForm().file("file", "film.mp4", film).field("saveToStorage", "false")
    let cases: [(String, [(String, String)], String)] = [
      ("thumbnail", [("timestamp", "1"), ("width", "32"), ("height", "32")], "image/jpeg"),
      ("poster-frame", [("timestamp", "1"), ("format", "webp")], "image/webp"),
      ("poster-frame", [], "image/jpeg"),
      ("extract-audio", [("format", "ogg"), ("bitrateKbps", "96")], "audio/ogg"),
      ("extract-audio", [("format", "wav")], "audio/wav"),
      ("trim", [("start", "0.5"), ("duration", "1"), ("format", "")], "video/mp4"),
      ("gif", [("duration", "1"), ("width", "32"), ("fps", "5")], "image/gif"),
      ("storyboard", [("frames", "6"), ("columns", "3"), ("width", "20")], "image/jpeg"),
      (
        "adjust",
        [
          ("brightness", "1.2"), ("contrast", "1.1"), ("saturation", "0.5"), ("hue", "20"), ("volume", "0.5"),
          ("fadeIn", "0.5"), ("fadeOut", "0.5"), ("invert", "true"),
        ], "video/mp4"
      ),
    ]
    for (tool, fields, type) in cases {
      let reply = try client.post("/api/media/" + tool, fields.reduce(form) { $0.field($1.0, $1.1) })
      XCTAssertEqual(reply.status, 200, "\(tool) \(fields): \(reply.text)")
      XCTAssertEqual(reply.json["files"]?[0]?["mimeType"]?.string, type, "\(tool) \(fields)")
      let bytes = try client.file(reply)
      XCTAssertFalse(bytes.isEmpty)
      if tool == "thumbnail" {
        let sides = try client.post("/api/media/inspect", MultipartForm().file("file", "a.jpg", bytes)).json["media"]
        XCTAssertEqual([sides?["width"]?.integer, sides?["height"]?.integer], [32, 32])
      }
    }
    let marked = try client.post(
      "/api/media/watermark",
      form.file("watermarkFile", "logo.png", SamplePictures.photo).field("position", "top-left").field("margin", "2"))
    XCTAssertEqual(marked.json["files"]?[0]?["mimeType"]?.string, "video/mp4", marked.text)
    XCTAssertNotEqual(try client.file(marked), film)
    let small = try client.post(
      "/api/convert",
      MultipartForm().file("files", "film.mp4", film).field("format", "webm").field("compression", "30")
        .field("resizeWidth", "32"))
    XCTAssertEqual(small.json["files"]?[0]?["mimeType"]?.string, "video/webm", small.text)
  }

  func testInspect_TellsHowLongAFilmIs() throws {
    _ = try client("ffmpeg", package: "ffmpeg")
    let client = try client("exiftool", package: "libimage-exiftool-perl")
    let reply = try client.post("/api/media/inspect", MultipartForm().file("file", "film.mp4", try film(client)))
    let media = try XCTUnwrap(reply.json["media"], reply.text)
    XCTAssertEqual(media["kind"]?.string, "video")
    XCTAssertEqual(media["format"]?.string, "mp4")
    XCTAssertEqual(media["width"]?.integer, 64)
    XCTAssertEqual(media["duration"]?.decimal ?? 0, 3, accuracy: 0.2)
    XCTAssertGreaterThan(media["bitrateKbps"]?.integer ?? 0, 0)
    XCTAssertFalse(media["streams"]?.array?.isEmpty ?? true, reply.text)
    let photo = MultipartForm().file("file", "photo.png", SamplePictures.photo)
    let stripped = try client.post("/api/media/strip-metadata", photo)
    XCTAssertEqual(stripped.status, 200, stripped.text)
    XCTAssertEqual(stripped.json["files"]?[0]?["mimeType"]?.string, "image/png")
  }

  func testPicturesIntoOutlines_AndOtherFormats() throws {
    _ = try client("vipsthumbnail", package: "libvips-tools")
    let client = try client("potrace", package: "potrace")
    let form = MultipartForm().file("files", "photo.png", SamplePictures.photo).field("resize", "")
    for mono in ["true", "false"] {
      let reply = try client.post(
        "/api/convert", form.field("format", "svg").field("mono", mono).field("compression", "82"))
      XCTAssertEqual(reply.status, 200, reply.text)
      let text = String(decoding: try client.file(reply), as: UTF8.self)
      XCTAssertTrue(text.contains("<path"), String(text.prefix(200)))
      XCTAssertFalse(text.contains("<image"), "traced, and not wrapped")
    }
    for (format, type) in [
      ("webp", "image/webp"), ("heif", "image/heic"), ("tiff", "image/tiff"), ("gif", "image/gif"),
    ] {
      let reply = try client.post("/api/convert", form.field("format", format).field("resizeWidth", "40"))
      XCTAssertEqual(reply.json["files"]?[0]?["mimeType"]?.string, type, reply.text)
    }
  }

  func testWatermark_MayBeWords_OrAPictureOfAnotherFormat() throws {
    let other = try client("vipsthumbnail", package: "libvips-tools")
    let logo = try other.file(
      other.post(
        "/api/convert",
        MultipartForm().file("files", "a.png", SamplePictures.photo).field("format", "webp").field("resizeWidth", "30"))
    )
    let client = try client("rsvg-convert", package: "librsvg2-bin")
    let photo = SamplePictures.photo
    let form = MultipartForm().file("file", "photo.png", photo).field("format", "png").field("opacity", "1")
    for form in [form.field("text", "© <wonder> & co"), form.file("watermarkFile", "logo.webp", logo)] {
      let reply = try client.post("/api/media/watermark", form)
      XCTAssertEqual(reply.status, 200, reply.text)
      XCTAssertEqual(reply.json["files"]?[0]?["width"]?.integer, 320)
      XCTAssertNotEqual(try client.file(reply), photo)
    }
  }

  func testPDF_IsShownAndMadeSmaller() throws {
    _ = try client("gs", package: "ghostscript")
    _ = try client("qpdf", package: "qpdf")
    let client = try client("pdftoppm", package: "poppler-utils")
    let made = try client.post(
      "/api/media/image-to-pdf",
      MultipartForm().file("files", "a.png", SamplePictures.photo).file("files", "b.png", SamplePictures.photo))
    let form = MultipartForm().file("file", "a.pdf", try client.file(made))
    let preview = try client.post("/api/media/pdf-preview", form.field("page", "2").field("width", "100"))
    XCTAssertEqual(preview.status, 200, preview.text)
    XCTAssertEqual(preview.json["files"]?.array?.count, 1)
    XCTAssertEqual(preview.json["files"]?[0]?["mimeType"]?.string, "image/jpeg")
    let sides = try client.post("/api/media/inspect", MultipartForm().file("file", "a.jpg", client.file(preview)))
    XCTAssertEqual(sides.json["media"]?["width"]?.integer, 100, sides.text)
    let small = try client.post("/api/compress", form.field("quality", "30"))
    XCTAssertEqual(small.status, 200, small.text)
    XCTAssertEqual(small.json["files"]?[0]?["mimeType"]?.string, "application/pdf")
  }
}
