import Appliance
import Basics
import Conversion
import Formats
import Glibc
import TestSupport
import XCTest

/// Formats, jobs and lanes follow the programs of the machine while the server runs.
final class ChangingProgramsTests: XCTestCase {
  private struct Copier: Tool {
    let program = Program("made-up-copier", package: "copier-package")
    let lane = Lane.media
    var name: String { "copier" }
    var offers: [Offer] { [Offer(from: [.txt], to: [.md], cost: 10)] }

    func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
      ends.isEmpty ? ToolCall(arguments: ["./script"], files: ["script": Array("cat in-1.txt > out".utf8)]) : nil
    }

    func results(of task: ToolTask, _ ends: [ToolEnd]) -> [ToolResult] { [ToolResult("out")] }
  }

  private let text = Array("hello there, this is text\n".utf8)

  private func form() -> MultipartForm {
    MultipartForm.conversion(from: "txt", to: "md", type: "document").file("files[]", "a.txt", text)
  }

  /// Waits until the list of formats has the pair, or has it no more.
  private func wait(_ server: TestServer, offered: Bool) throws {
    while true {
      let formats = try server.client.get("/api/v1/formats").json["formats"]?.array ?? []
      let isOffered = formats.contains {
        $0["from"]?.string == "txt" && $0["to"]?.array?.contains(.string("md")) == true
      }
      if isOffered == offered { return }
      server.serve.lookForPrograms()
      sched_yield()
    }
  }

  func testProgramThatComes_IsOfferedAndUsedWithoutARestart_AndOneThatGoesFailsWhatWaited() throws {
    let folder = try TemporaryDirectory()
    // A program runs as another user than root.
    chmod(folder.path, 0o755)
    let place = folder.path + "/made-up-copier"
    let server = try TestServer(makers: Makers.builtIn + [Copier()], toolbox: nil, folders: [folder.path])
    let refused = try server.submit(form())
    XCTAssertEqual(refused.status, 422)
    XCTAssertTrue(refused.text.contains("Debian package copier-package, which is not here"), refused.text)

    symlink("/bin/sh", place)
    try wait(server, offered: true)
    let first = try XCTUnwrap(try server.submit(form()).json["request_id"]?.string)
    let made = try server.ended(first)
    XCTAssertEqual(made.json["job"]?["status"]?.string, "completed", made.text)

    XCTAssertEqual(try server.admin("POST", "/queue/pause").status, 200)
    let second = try XCTUnwrap(try server.submit(form()).json["request_id"]?.string)
    unlink(place)
    try wait(server, offered: false)
    XCTAssertEqual(try server.admin("POST", "/queue/resume").status, 200)
    let failed = try server.ended(second)
    XCTAssertEqual(failed.json["job"]?["error_code"]?.string, "unsupported_conversion", failed.text)
    XCTAssertTrue(
      failed.text.contains(
        "this conversion needs made-up-copier, of the Debian package copier-package, which is not here any more"),
      failed.text)
    let files = try server.files()
    XCTAssertEqual(files.count, 3, "the file of the job that failed stays, for it is not to blame: \(files)")
  }
}
