import Basics
import Conversion
import Formats
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// Every job ends once, as it should or with its sentence, whatever dies on the way.
///
/// `TEST_KILLED_JOBS=5000` is the long run.
final class KilledProgramsTests: XCTestCase {
  /// A shell that takes a moment for a copy.
  private struct Copier: Tool {
    let program = Program("sh", package: "made-up")
    let lane: Lane
    let offers: [Offer]
    var name: String { "copier of \(lane)" }

    init(_ lane: Lane, _ from: Format, _ to: Format) {
      self.lane = lane
      offers = [Offer(from: [from], to: [to], cost: 10)]
    }

    func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
      guard ends.count < 2 else { return nil }
      let script = "sleep 0.02 & cat in-1.* > out; echo >> out; wait"
      return ToolCall(arguments: ["./script-\(ends.count)"], files: ["script-\(ends.count)": Array(script.utf8)])
    }

    func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
      if let end = ends.last, end.code != 0 { throw ConversionFailure(.converterDied, "the copier ended early") }
      return [ToolResult("out")]
    }
  }

  private static var jobs: Int { getenv("TEST_KILLED_JOBS").flatMap { Int(String(cString: $0)) } ?? 100 }

  private static let kinds: [(from: String, to: String, type: String, bytes: [UInt8])] = [
    ("txt", "md", "document", Array("hello there, this is text\n".utf8)),
    ("csv", "tsv", "other", Array("a,b\n1,2\n".utf8)),
    ("png", "jpg", "image", SamplePictures.photo),
  ]

  func testJobsWhoseProgramsAreKilledAtRandom_EndOnceEach() throws {
    let server = try TestServer(
      makers: Makers.builtIn + [Copier(.office, .txt, .md), Copier(.media, .csv, .tsv)],
      toolbox: Toolbox(paths: ["sh": "/bin/sh"]))
    let own = getpid()
    let isOver = Atomic(false)
    let kills = Atomic(0)
    let killer = ServiceThread("killer") {
      while !isOver.load(ordering: .acquiring) {
        // Programs, what they have started, and what confines them; the decoders' own parent has tests of its own.
        let victims = ProcessTree.descendants(of: own).filter { member in
          !member.command.isEmpty && !member.command.contains(" worker")
        }
        if let victim = victims.randomElement(), kill(victim.process, SIGKILL) == 0 {
          kills.add(1, ordering: .relaxed)
        }
        usleep(useconds_t.random(in: 0...120_000))
      }
    }
    let ids = try (0..<Self.jobs).map { number in
      let kind = Self.kinds[number % Self.kinds.count]
      let form = MultipartForm.conversion(from: kind.from, to: kind.to, type: kind.type).file(
        "files[]", "a.\(kind.from)", kind.bytes)
      let reply = try server.submit(form)
      return try XCTUnwrap(reply.json["request_id"]?.string, reply.text)
    }
    var ends: [String: Int] = [:]
    for id in ids {
      let job = try server.ended(id).json["job"]
      let status = job?["status"]?.string ?? "?"
      ends[status == "completed" ? status : job?["error_code"]?.string ?? "?", default: 0] += 1
    }
    isOver.store(true, ordering: .releasing)
    killer.join()
    print("\(Self.jobs) jobs, \(kills.load(ordering: .relaxed)) kills: \(ends)")
    XCTAssertGreaterThan(kills.load(ordering: .relaxed), 10)
    XCTAssertTrue(Set(ends.keys).isSubset(of: ["completed", "converter_died"]), "\(ends)")
    XCTAssertGreaterThanOrEqual(ends["completed"] ?? 0, Self.jobs / 3)
    let database = try Database(path: server.dataPath + "/wonder.db", mode: .reading)
    let once = try database.all(
      "SELECT job_id FROM events WHERE kind IN ('completed', 'failed', 'canceled') GROUP BY job_id HAVING count(*) = 1",
      row: { $0.integer(0) })
    XCTAssertEqual(once.count, Self.jobs)
    XCTAssertEqual(try database.all("SELECT job_id FROM queue", row: { $0.integer(0) }), [])
    XCTAssertEqual(try FileTree.names(in: server.dataPath + "/spool"), [])
    let left = ProcessTree.descendants(of: own).filter {
      $0.command.contains("script-") || $0.command.contains(" tool")
    }
    XCTAssertEqual(left, [])
  }
}
