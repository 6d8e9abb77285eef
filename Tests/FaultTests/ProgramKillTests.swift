import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// A server that is killed while a program of others works for it leaves no process, and after the next start no folder.
final class ProgramKillTests: XCTestCase {
  /// A document of so many objects that qpdf is busy with it for a moment.
  private static func document(objects count: Int) -> [UInt8] {
    var bytes = Array("%PDF-1.4\n".utf8)
    var places: [Int] = []
    let kids = (4..<count + 4).map { "\($0) 0 R" }.joined(separator: " ")
    let first = [
      "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /All [\(kids)] >>",
    ]
    for number in 1...count + 3 {
      places.append(bytes.count)
      let object = number <= 3 ? first[number - 1] : "<< /Number \(number) >>"
      bytes += "\(number) 0 obj\n\(object)\nendobj\n".utf8
    }
    let start = bytes.count
    bytes += "xref\n0 \(count + 4)\n0000000000 65535 f \n".utf8
    for place in places { bytes += "\(String(repeating: "0", count: 10 - "\(place)".count))\(place) 00000 n \n".utf8 }
    bytes += "trailer\n<< /Size \(count + 4) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n".utf8
    return bytes
  }

  func testKilledServer_LeavesNoProgramAndNoFolder_AndItsJobIsDone() throws {
    try XCTSkipIf(access("/usr/bin/qpdf", X_OK) != 0, "qpdf is not here: apt-get install qpdf")
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let client = try Client(data: data)
    let program = try ServedProgram(data: data, environment: ["WONDER_ENGINES": "all"])
    let form = MultipartForm.conversion(from: "pdf", to: "pdf", type: "document").field("options[linearize]", "true")
      .file("files[]", "p.pdf", Self.document(objects: 60_000))
    let reply = try program.client.send(
      "POST", "/api/v1/jobs", key: client.key, [("Content-Type", form.contentType)], body: form.body)
    let id = try XCTUnwrap(reply.json["request_id"]?.string, reply.text)

    // Stopped, it cannot end before the server does.
    var family: [ProcessTree.Member] = []
    while !family.contains(where: { $0.command.contains("--job-json-file") }) {
      family = ProcessTree.descendants(of: program.process)
      for member in family where member.command.contains("--job-json-file") { kill(member.process, SIGSTOP) }
    }
    family = ProcessTree.descendants(of: program.process)
    XCTAssertTrue(family.contains { $0.command.contains("--job-json-file") }, "\(family)")
    program.end(SIGKILL)
    let left = try FileTree.names(in: data + "/spool").filter { $0.hasPrefix("tool-") }
    XCTAssertFalse(left.isEmpty)
    while let member = family.first(where: { ProcessTree.isAlive($0.process) }) {
      _ = member
      sched_yield()
    }

    let next = try ServedProgram(data: data, environment: ["WONDER_ENGINES": "all"])
    XCTAssertEqual(try client.end(of: id, at: next).status, "completed")
    // The next server may be trying a program of its own.
    XCTAssertEqual(try FileTree.names(in: data + "/spool").filter(left.contains), [])
    XCTAssertEqual(next.end(SIGTERM), 0)
    try Aftermath.check(data, accepted: [id])
  }

  func testEndedServer_LeavesNoProgramThatStoodStill() throws {
    let office = "/usr/lib/libreoffice/program/libswlo.so"
    try XCTSkipIf(access(office, F_OK) != 0, "LibreOffice is not here: apt-get install libreoffice-writer-nogui")
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let client = try Client(data: data)
    var accepted: [String] = []
    for signal in [SIGKILL, SIGTERM] {
      let program = try ServedProgram(data: data, environment: ["WONDER_ENGINES": "all"])
      let form = MultipartForm.conversion(from: "rtf", to: "pdf", type: "document")
        .file("files[]", "p.rtf", Array(#"{\rtf1\ansi Hallo\par}"#.utf8))
      let reply = try program.client.send(
        "POST", "/api/v1/jobs", key: client.key, [("Content-Type", form.contentType)], body: form.body)
      let id = try XCTUnwrap(reply.json["request_id"]?.string, reply.text)
      accepted.append(id)
      XCTAssertEqual(try client.end(of: id, at: program).status, "completed")
      let family = ProcessTree.descendants(of: program.process)
      XCTAssertTrue(family.contains { $0.command.contains("soffice.bin") }, "\(family)")
      program.end(signal)
      while family.contains(where: { ProcessTree.isAlive($0.process) }) { sched_yield() }
    }
    XCTAssertEqual(try FileTree.names(in: data + "/spool").filter { $0.hasPrefix("tool-") }, [])
    try Aftermath.check(data, accepted: accepted)
  }
}
