import Appliance
import Basics
import Glibc
import Synchronization
import TestSupport
import XCTest

/// What commands say of a server that stops in the middle of what it was asked.
final class BrokenServerTests: XCTestCase {
  private func run(_ words: [String], _ answer: String) throws -> (code: Int32, text: String) {
    let directory = try TemporaryDirectory()
    let listener = try BoundSocket.make(at: directory.path + "/wonder.sock")
    XCTAssertEqual(listen(listener, 8), 0)
    let server = ServiceThread("broken server") {
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let client = accept(listener, nil, nil)
        if client < 0 { return }
        // Who only looks whether somebody is there says nothing.
        if recv(client, &buffer, buffer.count, 0) > 0 { send(client, answer, answer.utf8.count, 0) }
        close(client)
      }
    }
    let text = Mutex("")
    let add: @Sendable (String) -> Void = { line in text.withLock { $0 += line + "\n" } }
    let code = Commands.run(
      words.map { $0.replacing("DIR", with: directory.path) }, environment: ["WONDER_DATA": directory.path],
      console: Console(out: add, error: add))
    shutdown(listener, Int32(SHUT_RDWR))
    server.join()
    close(listener)
    return (code, text.withLock { $0 })
  }

  func testAnAnswerThatDoesNotCome_IsToldAsTheServersEnd() throws {
    for answer in ["", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"stats\":{\"wai"] {
      let result = try run(["admin", "stats"], answer)
      XCTAssertEqual(result.code, 1)
      XCTAssertTrue(result.text.contains("the server stopped before it had answered"), result.text)
    }
  }

  func testBackup_IntoWhatIsNoFile_IsRefusedBeforeTheServerIsAsked() throws {
    for (target, words) in [("DIR", "Is a directory"), ("DIR/none/b.tar", "none/b.tar: No such file")] {
      let result = try run(["admin", "backup", target], "")
      XCTAssertEqual(result.code, 1)
      XCTAssertTrue(result.text.contains(words), result.text)
    }
  }

  func testBackup_OverAStartOfTheServer_SaysSoAndLeavesNothing() throws {
    let snapshot =
      #"{"backup":{"path":"DIR/gone","created_at":"2026-01-01T00:00:00.000Z","schema":1,"files":1,"bytes":9}}"#
    let result = try run(
      ["admin", "backup", "DIR/b.tar"], "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + snapshot)
    XCTAssertEqual(result.code, 1)
    XCTAssertTrue(result.text.contains("the server was started again meanwhile"), result.text)
  }
}
