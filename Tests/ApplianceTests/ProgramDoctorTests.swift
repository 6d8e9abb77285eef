import Appliance
import Basics
import Conversion
import Formats
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// What doctor, lists and metrics say of programs of others.
final class ProgramDoctorTests: XCTestCase {
  private struct Mill: Tool {
    let program: Program
    let script: String
    var name: String { program.name }
    var drawsText: Bool { true }
    var offers: [Offer] { [Offer(from: [.txt], to: [.md], cost: 10)] }

    init(_ name: String, _ script: String) {
      program = Program(name, package: "\(name)-package")
      self.script = script
    }

    func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
      ends.isEmpty ? ToolCall(arguments: ["./script"], files: ["script": Array(script.utf8)]) : nil
    }

    func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
      if ends.last?.code != 0 { throw ConversionFailure(.damagedFile, "it stands still") }
      return [ToolResult("out")]
    }
  }

  private func run(_ words: [String], _ environment: [String: String] = [:]) throws -> (code: Int32, rows: [JSONValue])
  {
    let out = Mutex("")
    let console = Console(out: { line in out.withLock { $0 += line } }, error: { _ in })
    let code = Commands.run(words, environment: environment, console: console)
    return (code, try JSONReader.parse(out.withLock { $0 }.utf8).array ?? [])
  }

  func testServer_TellsWhichProgramsWork_InDoctorListsAndMetrics() throws {
    let folder = try TemporaryDirectory()
    chmod(folder.path, 0o755)
    for name in ["mill-that-works", "mill-that-fails"] { symlink("/bin/sh", folder.path + "/" + name) }
    let mills = [
      Mill("mill-that-works", "cat in-1.txt > out"), Mill("mill-that-fails", "echo no wind; exit 1"),
      Mill("mill-elsewhere", ""),
    ]
    let server = try TestServer(makers: Makers.builtIn + mills, toolbox: nil, folders: [folder.path])
    var metrics = ""
    while !metrics.contains(#"wonder_program_up{program="mill-that-fails",package="mill-that-fails-package"} 0"#) {
      metrics = try page(server)
    }
    XCTAssertTrue(
      metrics.contains(#"wonder_program_up{program="mill-that-works",package="mill-that-works-package"} 1"#))
    XCTAssertTrue(metrics.contains(#"wonder_program_up{program="mill-elsewhere",package="mill-elsewhere-package"} 0"#))
    XCTAssertTrue(metrics.contains(#"wonder_program_calls_total{program="mill-that-works"} 1"#), metrics)
    XCTAssertTrue(metrics.contains(#"wonder_program_failures_total{program="mill-that-fails"} 2"#), metrics)
    XCTAssertTrue(metrics.contains(#"wonder_program_seconds_total{program="mill-that-fails"} 0."#), metrics)

    let (code, rows) = try run(
      ["doctor", "--json"], ["WONDER_DATA": server.dataPath, "WONDER_LISTEN": "127.0.0.1:0"])
    func row(_ name: String) -> (state: String, text: String) {
      let row = rows.first { $0["name"]?.string == name }
      return (row?["state"]?.string ?? "", row?["text"]?.string ?? "")
    }
    XCTAssertEqual(code, 1)
    XCTAssertEqual(row("mill-that-fails").state, "broken")
    XCTAssertTrue(row("mill-that-fails").text.contains("it stands still; its last words: no wind"))
    XCTAssertEqual(row("mill-that-works").state, "ok")
    XCTAssertTrue(row("mill-that-works").text.contains("confined by limits"), row("mill-that-works").text)
    XCTAssertEqual(row("mill-elsewhere").state, "ok")
    XCTAssertTrue(row("mill-elsewhere").text.contains("apt-get install mill-elsewhere-package"))
    XCTAssertTrue(row("fonts").text.contains("families"))

    let missing = try server.client.get("/api/v1/formats").json["missing"]?.array ?? []
    XCTAssertEqual(
      missing.map { "\($0["program"]?.string ?? "") \($0["broken"]?.boolean ?? false)" },
      ["mill-elsewhere false", "mill-that-fails true"])
  }

  private func page(_ server: TestServer) throws -> String {
    guard let socket = try UnixSocket.connect(server.dataPath + "/wonder.sock") else { return "" }
    defer { close(socket) }
    try TestClient.write(Array("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8), to: socket)
    return try TestClient.reply(from: TestClient.readAll(socket)).text
  }

  func testDoctor_WithoutAServer_TriesTheProgramsItself_AndLeavesNothingBehind() throws {
    let directory = try TemporaryDirectory()
    let before = try Set(FileTree.names(in: "/tmp").filter { $0.hasPrefix("wonder-doctor-") })
    let printed = try Shell.run(
      BuiltProgram.path, "doctor", "--json", "--data", directory.path + "/none", "--listen", "127.0.0.1:0")
    let line = printed.text.split(separator: "\n").first { $0.hasPrefix("[") } ?? ""
    let rows = try JSONReader.parse(line.utf8).array ?? []
    let isHere = access("/usr/bin/qpdf", X_OK) == 0
    let text = rows.first { $0["name"]?.string == "qpdf" }?["text"]?.string ?? ""
    XCTAssertTrue(text.hasPrefix(isHere ? "made its sample in" : "not here; apt-get install qpdf"), text)
    XCTAssertEqual(
      try Set(FileTree.names(in: "/tmp").filter { $0.hasPrefix("wonder-doctor-") }).subtracting(before), [])
  }

  func testFormats_ListsWhatPackagesWouldBring() throws {
    let catalogue = Catalogue(makers: [Mill("mill-elsewhere", "")], found: Toolbox())
    XCTAssertEqual(
      catalogue.lacking.map { "\($0.from) \($0.to) \($0.absence.words)" },
      ["txt md mill-elsewhere, of the Debian package mill-elsewhere-package, which is not here"])
    XCTAssertEqual(try run(["formats", "--missing", "--json"]).code, 0)
  }

  func testPages_HearOfEachProgramOnce() throws {
    let folder = try TemporaryDirectory()
    let server = try TestServer(makers: Makers.all, toolbox: nil, folders: [folder.path])
    let programs = try server.admin("GET", "/health").json["health"]?["server"]?["programs"]?.array ?? []
    let names = programs.compactMap { $0["name"]?.string }
    XCTAssertEqual(Set(names), Set(Makers.all.compactMap { ($0 as? any ProgramMaker)?.program.name }))
    XCTAssertEqual(names.count, Set(names).count)
    let qpdf = programs.first { $0["name"]?.string == "qpdf" }
    XCTAssertEqual(qpdf?["package"]?.string, "qpdf")
    XCTAssertEqual(qpdf?["state"]?.string, "missing")
  }
}
