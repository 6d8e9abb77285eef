import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// One tenant's pictures grow by hundreds when they are converted; the disk of all others is not its to fill.
final class GreedyDiskTests: XCTestCase {
  private static let limit = 40 << 20
  /// What is kept free of a disk of 4 GiB.
  private static let floor: Int64 = 1 << 30

  /// A QOI picture of one colour: 12 MB as BMP, and 65 KB here.
  private static let picture: [UInt8] = {
    let side = 2000
    let runs = [UInt8](repeating: 0xC0 | 61, count: side * side / 62)
    let rest = UInt8(side * side % 62)
    let head = Array("qoif".utf8) + [0, 0, 0x07, 0xD0, 0, 0, 0x07, 0xD0, 3, 0]
    return head + runs + (rest > 0 ? [0xC0 | (rest - 1)] : []) + [0, 0, 0, 0, 0, 0, 0, 1]
  }()

  private struct Tenants {
    let disk: SmallDisk
    let greedy: Client
    let honest: Client
  }

  /// Two workspaces on a disk of 4 GiB, one with a limit on what it may store.
  private func makeTenants(greedyPlan: String) throws -> Tenants {
    let disk = try SmallDisk("4g")
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let greedy = try TestServer.issueKey(data: data, workspace: "greedy", plan: greedyPlan) {
      try $0.run("UPDATE plans SET max_stored = ?, concurrent_jobs = NULL WHERE name = 'starter'", Self.limit)
      try $0.run(
        "UPDATE plans SET allows_jobs_api = 1, reads_per_minute = NULL, writes_per_minute = NULL WHERE name = 'starter'"
      )
    }
    let honest = try Client(data: data, slug: "honest")
    try disk.take(data)
    return Tenants(disk: disk, greedy: Client(key: greedy), honest: honest)
  }

  private func submitGreedily(_ tenants: Tenants, _ program: ServedProgram, pictures: Int = 100) throws -> String {
    var form = MultipartForm.conversion(from: "qoi", to: "bmp")
    for number in 0..<pictures { form = form.file("files[]", "\(number).qoi", Self.picture) }
    let reply = try program.client.send(
      "POST", "/api/v1/jobs", key: tenants.greedy.key, [("Content-Type", form.contentType)], body: form.body)
    return try XCTUnwrap(Client.accepted(reply), reply.text)
  }

  private func free(_ disk: SmallDisk) throws -> Int64 { try XCTUnwrap(DiskSpace(at: disk.outside)).free }

  /// Submits a small picture and sees it converted, however the others go on.
  private func assertServed(_ client: Client, _ program: ServedProgram, line: UInt = #line) throws {
    let reply = client.submit(to: program)
    let id = try XCTUnwrap(Client.accepted(reply), reply?.text ?? "no answer", line: line)
    XCTAssertEqual(try client.end(of: id, at: program).status, "completed", line: line)
  }

  func testJobsThatOutgrowTheirWorkspace_FailForThat_AndNobodyElseNotices() throws {
    let tenants = try makeTenants(greedyPlan: "starter")
    let program = try ServedProgram(data: tenants.disk.path + "/data", wrapper: tenants.disk.wrapper)
    defer { program.end(SIGTERM) }
    let before = try free(tenants.disk)
    let jobs = [try submitGreedily(tenants, program), try submitGreedily(tenants, program)]
    for _ in 0..<5 {
      try assertServed(tenants.honest, program)
      XCTAssertGreaterThan(try free(tenants.disk), before - Int64(Self.limit) * 3 / 2)
    }
    for job in jobs {
      let (status, reply) = try tenants.greedy.end(of: job, at: program)
      XCTAssertEqual(status, "failed")
      XCTAssertEqual(reply.json["job"]?["error_code"]?.string, "storage_quota_exceeded", reply.text)
      let message = reply.json["job"]?["error_message"]?.string ?? ""
      XCTAssertTrue(message.contains("would have 12000054 bytes"), message)
      XCTAssertTrue(message.contains("\(Self.limit) bytes of files"), message)
    }
    // Its inputs are there for another try, its outputs are not.
    XCTAssertGreaterThan(try free(tenants.disk), before - Int64(Self.limit))
    try assertServed(tenants.honest, program)
  }

  func testJobsWithoutALimit_StopBeforeTheDiskIsShortForOthers_AndGoOnWhenThereIsRoom() throws {
    let tenants = try makeTenants(greedyPlan: "enterprise")
    let log = try TemporaryDirectory()
    try tenants.disk.fill(leaving: Self.floor + Self.floor / 4 + 60 << 20)
    let program = try ServedProgram(
      data: tenants.disk.path + "/data", wrapper: tenants.disk.wrapper, log: log.path + "/log")
    defer { program.end(SIGTERM) }
    let jobs = [try submitGreedily(tenants, program, pictures: 8), try submitGreedily(tenants, program, pictures: 8)]
    while !String(decoding: try FileBytes.read(log.path + "/log", atMost: 1 << 20), as: UTF8.self)
      .contains("job waits for the disk: disk_full")
    {
      try assertServed(tenants.honest, program)
      XCTAssertGreaterThan(try free(tenants.disk), Self.floor)
    }
    try assertServed(tenants.honest, program)
    XCTAssertEqual(try program.client.get("/readyz").status, 200)
    tenants.disk.empty()
    for job in jobs { XCTAssertEqual(try tenants.greedy.end(of: job, at: program).status, "completed") }
  }
}
