import Basics
import Conversion
import Formats
import Storage
import TestSupport
import XCTest

/// Films through the API; skipped where ffmpeg is not.
final class FilmJobsTests: XCTestCase {
  func testFilm_OfAnyFormat_BecomesWhatIsAskedFor() throws {
    let toolbox = Toolbox.find()
    try XCTSkipIf(
      toolbox.path(of: Program("ffmpeg", package: "ffmpeg")) == nil, "ffmpeg is not here: apt-get install ffmpeg")
    let server = try TestServer(makers: Makers.all, toolbox: toolbox)
    let path = server.directory.path + "/film.mkv"
    let source = try Shell.run(
      "ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=1", "-f", "lavfi",
      "-i", "sine=duration=1", path)
    XCTAssertEqual(source.code, 0, source.text)
    let film = try FileBytes.read(path, atMost: 1 << 20)
    for (to, media) in [("mp4", "video/mp4"), ("mp3", "audio/mpeg"), ("png", "image/png"), ("gif", "image/gif")] {
      let form = MultipartForm.conversion(from: "auto", to: to, type: "video").file("files[]", "a.mkv", film)
      let reply = try server.submit(form)
      let id = try XCTUnwrap(reply.json["request_id"]?.string, reply.text)
      let job = try server.ended(id)
      XCTAssertEqual(job.json["job"]?["status"]?.string, "completed", job.text)
      let file = try server.client.get(server.path(of: job.json["outputs"]?[0]?["download_url"]?.string))
      XCTAssertEqual(file.header("content-type"), media)
    }
    let formats = try server.client.get("/api/v1/formats").json["formats"]?.array ?? []
    let targets = formats.first { $0["from"]?.string == "mkv" }?["to"]?.array?.compactMap(\.string) ?? []
    XCTAssertTrue(Set(targets).isSuperset(of: ["mkv", "webm", "flac", "gif", "jpeg"]), "\(targets)")
    XCTAssertFalse(targets.contains("pdf"), "a film is no page")
    let refused = try server.submit(
      MultipartForm.conversion(from: "mkv", to: "mp3", type: "video").field("options[fps]", "5").file(
        "files[]", "a.mkv", film))
    XCTAssertEqual(refused.status, 422, refused.text)
    XCTAssertTrue(refused.text.contains("audio_bitrate"), refused.text)
  }
}
