import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// A stand-by that is killed, whose disk fails or is full: what it held before or holds since is whole, and can be promoted.
final class StandbyFaultTests: XCTestCase {
  /// A data directory that nobody serves, one that follows it, and what each generation has.
  private struct Scene {
    let place: TemporaryDirectory
    var first: String { place.path + "/first" }
    var standby: String { place.path + "/standby" }

    /// The stand-by holds three files; the first one has two more since, and one less.
    init() throws {
      let size = 3000
      place = try TemporaryDirectory()
      var store = try Store(path: first)
      try store.writeBlocking {
        _ = try Workspaces.insert(slug: "w", name: "w", plan: "pro", at: Timestamp(milliseconds: 1), in: $0)
      }
      for number in 0..<3 { try add([UInt8](repeating: UInt8(number), count: size), to: store) }
      store.close()
      let followed = try follow(standby)
      XCTAssertEqual(followed.code, 0, followed.text)
      store = try Store(path: first)
      for number in 3..<5 { try add([UInt8](repeating: UInt8(number), count: size), to: store) }
      let blob = try store.read { try $0.first("SELECT blob FROM outputs WHERE job_id = 1", row: { $0.text(0) }) ?? "" }
      try store.writeBlocking { try $0.run("DELETE FROM jobs WHERE id = 1") }
      store.blobs.remove([blob])
      store.close()
    }

    private func add(_ bytes: [UInt8], to store: Store) throws {
      _ = try store.blobs.place([place.file("new", bytes)]) { blobs in
        try store.writeBlocking { database in
          let job = try Jobs.insert(
            NewJob(
              workspaceID: 1, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
              createdAt: Timestamp(milliseconds: 1)), in: database)
          let output = NewOutput(
            inputID: nil, fileName: "a.jpg", mediaType: "image/jpeg", size: Int64(bytes.count),
            sha256: SHA256.digest(bytes), width: nil, height: nil)
          try Outputs.insert(
            output, job: job, position: 0, blob: blobs[0], at: Timestamp(milliseconds: 1), in: database)
        }
      }
    }

    func follow(
      _ standby: String, environment: [String: String] = [:], wrapper: [String] = []
    ) throws -> Shell.Result {
      try Shell.run(
        wrapper + [BuiltProgram.path, "standby", "--from", first, "--once", "--data", standby], environment: environment
      )
    }

    /// A copy of a directory that follows.
    func copy(_ name: String, of source: String? = nil) throws -> String {
      let path = place.path + "/" + name
      XCTAssertEqual(try Shell.run("cp", "-a", source ?? standby, path).code, 0)
      return path
    }
  }

  /// Promotes the directory and looks whether all of it is there; gives how many files jobs have.
  private func promote(_ path: String, _ name: String) throws -> Int {
    _ = try Promotion.run(path, lacking: false)
    let database = try Database(path: path + "/wonder.db", mode: .reading)
    defer { database.close() }
    XCTAssertEqual(try database.integrityCheck(), [], name)
    let files = try database.all("SELECT blob, sha256 FROM outputs") { (blob: $0.text(0), sha256: $0.blob(1)) }
    for file in files {
      let bytes = try FileBytes.read("\(path)/files/\(file.blob.prefix(2))/\(file.blob)", atMost: 1 << 20)
      XCTAssertEqual(SHA256.digest(bytes), file.sha256, name)
    }
    return files.count
  }

  private static let isLong = getenv("TEST_FAULTS") != nil

  func testKills_FailingCalls_AndAFullDisk_LeaveOneGenerationOrTheOther() throws {
    let scene = try Scene()
    for (point, files) in [("before-generation", 3), ("after-generation", 4)] {
      let path = try scene.copy(point)
      let killed = try scene.follow(path, environment: ["TEST_FAILPOINT": point])
      XCTAssertEqual(killed.code, 137, killed.text)
      let again = try scene.copy(point + "-again", of: path)
      XCTAssertEqual(try promote(path, point), files, point)
      // One that is started again instead goes on.
      XCTAssertEqual(try scene.follow(again).code, 0)
      XCTAssertEqual(try promote(again, point), 4, point)
    }
    try failCalls(scene)
    try fillDisk(scene)
  }

  private func failCalls(_ scene: Scene) throws {
    let shim = try FaultShim(in: scene.place)
    let all = "read,write,fsync,rename,open"
    for (calls, code) in Self.isLong ? [(all, EIO), ("write", ENOSPC)] : [(all, EIO)] {
      let counted = try scene.copy("counted-\(code)")
      XCTAssertEqual(
        try scene.follow(counted, environment: shim.environment(counted, calls: calls, code: code, at: 0)).code, 0)
      let count = shim.count(counted)
      XCTAssertGreaterThan(count, 20, "the shim sees few calls")
      for at in Self.isLong ? Array(1...count) : (1...3).map({ count * $0 / 4 }) {
        let name = "\(code)-\(at)"
        let path = try scene.copy(name)
        let followed = try scene.follow(path, environment: shim.environment(path, calls: calls, code: code, at: at))
        XCTAssertTrue([0, 1].contains(followed.code), "\(name): \(followed.text)")
        XCTAssertTrue([3, 4].contains(try promote(path, name)), name)
      }
    }
  }

  private func fillDisk(_ scene: Scene) throws {
    guard geteuid() == 0 else { return }
    let disk = try SmallDisk("2m")
    XCTAssertEqual(try Shell.run("cp", "-a", scene.standby, disk.outside + "/standby").code, 0)
    try disk.fill()
    let full = try scene.follow(disk.path + "/standby", wrapper: disk.wrapper)
    XCTAssertEqual(full.code, 1)
    XCTAssertTrue(full.text.contains("full") || full.text.contains("No space left"), full.text)
    disk.empty()
    let (kept, goesOn) = (scene.place.path + "/kept", scene.place.path + "/goes-on")
    XCTAssertEqual(try Shell.run("cp", "-a", disk.outside + "/standby", kept).code, 0)
    XCTAssertEqual(try promote(kept, "full"), 3)
    XCTAssertEqual(try scene.follow(disk.path + "/standby", wrapper: disk.wrapper).code, 0)
    XCTAssertEqual(try Shell.run("cp", "-a", disk.outside + "/standby", goesOn).code, 0)
    XCTAssertEqual(try promote(goesOn, "emptied"), 4)
  }
}
