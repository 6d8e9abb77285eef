import Basics
import Conversion
import Formats
import Storage
import TestSupport
import XCTest

/// What becomes of a job whose program fails: one sentence for the client, the program's own last words for operators.
final class FailedProgramsTests: XCTestCase {
  private struct Failing: Tool {
    let program = Program("sh", package: "made-up")
    let lane = Lane.office
    let script: String
    var name: String { "failing" }
    var offers: [Offer] { [Offer(from: [.txt], to: [.md], cost: 10)] }

    func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
      ends.isEmpty ? ToolCall(arguments: ["./script"], files: ["script": Array(script.utf8)]) : nil
    }

    func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
      switch ends.last?.code {
      case 0: return [ToolResult("out")]
      case 9: throw ConversionFailure.outOfMemory
      default: throw ConversionFailure(.damagedFile, "the text is damaged")
      }
    }
  }

  private struct Failed {
    let server: TestServer
    let id: String
    let answer: TestReply

    var code: String? { answer.json["job"]?["error_code"]?.string }
  }

  private func run(_ script: String, _ settings: [String: String] = [:]) throws -> Failed {
    let server = try TestServer(
      settings: settings, makers: Makers.builtIn + [Failing(script: script)], toolbox: Toolbox(paths: ["sh": "/bin/sh"])
    )
    let form = MultipartForm.conversion(from: "txt", to: "md", type: "document").file(
      "files[]", "a.txt", Array("hello there, this is text\n".utf8))
    let reply = try server.submit(form)
    let id = try XCTUnwrap(reply.json["request_id"]?.string, reply.text)
    return Failed(server: server, id: id, answer: try server.ended(id))
  }

  func testProgramThatFails_LeavesItsLastWordsToOperatorsAlone() throws {
    let failed = try run("echo 'line 7 of /srv/secret/x.cfg is bad: canary-words' >&2; exit 1")
    XCTAssertEqual(failed.code, "damaged_file")
    XCTAssertFalse(failed.answer.text.contains("canary"), failed.answer.text)
    let shown = try failed.server.admin("GET", "/jobs/\(failed.id)").json["job"]
    XCTAssertEqual(shown?["last_words"]?.string, "line 7 of (path) is bad: canary-words")
    XCTAssertEqual(shown?["error"]?.string, "the text is damaged")
    let member = try failed.server.signIn("m@example.com", workspace: "api-workspace", role: "admin")
    let seen = try failed.server.client.send(
      "GET", "/admin/api/v1/jobs/\(failed.id)", member.headers)
    XCTAssertEqual(seen.status, 200)
    XCTAssertFalse(seen.text.contains("canary"), seen.text)
    let printed = try Shell.run(BuiltProgram.path, "admin", "job", "show", failed.id, "--data", failed.server.dataPath)
    XCTAssertTrue(printed.text.contains("last_words") && printed.text.contains("canary-words"), printed.text)
  }

  func testProgramThatPrintsALot_IsCutToItsEnd() throws {
    let failed = try run("for n in $(seq 5000); do echo word-$n; done; exit 1")
    let words = try failed.server.admin("GET", "/jobs/\(failed.id)").json["job"]?["last_words"]?.string ?? ""
    XCTAssertLessThanOrEqual(words.utf8.count, 1024)
    XCTAssertTrue(words.hasSuffix("word-4999 word-5000"), words)
  }

  func testProgramThatDies_ForWantOfMemoryOrTime_IsTriedThreeTimes() throws {
    for (script, settings, code) in [
      ("echo it hurts; kill -SEGV $$", [:], "converter_died"), ("echo it hurts; exit 9", [:], "memory_limit"),
      ("echo it hurts; sleep 100", ["WONDER_CONVERSION_TIME": "1s"], "time_limit"),
      ("echo it hurts; : > out", [:], "converter_died"),
    ] as [(String, [String: String], String)] {
      let failed = try run(script, settings)
      XCTAssertEqual(failed.code, code, failed.answer.text)
      let shown = try failed.server.admin("GET", "/jobs/\(failed.id)").json["job"]
      XCTAssertEqual(shown?["attempts"]?.integer, 3, script)
      if code != "time_limit" { XCTAssertEqual(shown?["last_words"]?.string, "it hurts", script) }
      XCTAssertEqual(try FileTree.names(in: failed.server.dataPath + "/spool"), [])
    }
  }
}
