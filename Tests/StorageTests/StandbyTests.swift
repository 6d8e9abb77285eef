import Basics
import Glibc
import TestSupport
import XCTest

@testable import Storage

/// The generations of a stand-by's data directory, fetched from another store by hand.
final class StandbyTests: XCTestCase {
  private static let moment = Timestamp(milliseconds: 1_773_302_400_000)

  /// A store, and the directory of who follows it.
  private struct Pair {
    let place: TemporaryDirectory
    let store: Store
    var standby: String { place.path + "/standby" }

    init() throws {
      place = try TemporaryDirectory()
      store = try Store(path: place.path + "/first")
      try store.writeBlocking {
        _ = try Workspaces.insert(slug: "w", name: "w", plan: "pro", at: StandbyTests.moment, in: $0)
      }
    }

    /// A job with a file of these bytes; gives the names of its row and its file.
    func add(_ bytes: [UInt8]) throws -> (job: Int64, blob: String) {
      let blob = try store.blobs.place([place.file("new", bytes)])[0]
      let job = try store.writeBlocking { database in
        let job = try Jobs.insert(
          NewJob(
            workspaceID: 1, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
            createdAt: StandbyTests.moment), in: database)
        let output = NewOutput(
          inputID: nil, fileName: "a.jpg", mediaType: "image/jpeg", size: Int64(bytes.count),
          sha256: SHA256.digest(bytes), width: nil, height: nil)
        try Outputs.insert(output, job: job, position: 0, blob: blob, at: StandbyTests.moment, in: database)
        return job
      }
      return (job, blob)
    }

    func remove(_ job: Int64, _ blob: String) throws {
      try store.writeBlocking { try $0.run("DELETE FROM jobs WHERE id = ?", job) }
      store.blobs.remove([blob])
    }

    func open() throws -> StandbyDirectory { try StandbyDirectory(path: standby, from: "first") }

    /// One look, which calls `atFiles` between the copy and the files; gives the names of those that were fetched.
    @discardableResult
    func follow(_ directory: StandbyDirectory, mark: String = "1", atFiles: () throws -> Void = {}) throws -> [String] {
      try directory.clear()
      let copy = try StandbyCopy(of: store, mark: mark, at: StandbyTests.moment)
      defer { copy.remove() }
      try directory.take(key: FileBytes.read(store.directory.keyPath, atMost: 64))
      try FileBytes.copy(copy.path, to: directory.nextPath)
      try directory.checkNext(sha256: Hexadecimal.encode(copy.sha256))
      try atFiles()
      let missing = try directory.missing()
      for file in missing {
        let path = directory.spoolPath + "/" + file.blob
        try FileBytes.copy(store.blobs.path(file.blob), from: file.offset, to: path)
        try directory.compare(file, at: path, sha256: nil)
        try directory.place([(file, path)])
      }
      try directory.putInForce(
        StandbyRecord.Held(
          mark: mark, asOf: StandbyTests.moment, takenAt: "\(copy.takenAt)", schema: copy.schema,
          sha256: Hexadecimal.encode(copy.sha256), databaseBytes: copy.bytes))
      return missing.map(\.blob)
    }
  }

  private func files(_ directory: String) throws -> [String] {
    try FileTree.names(in: directory + "/files").flatMap { try FileTree.names(in: directory + "/files/" + $0) }.sorted()
  }

  func testGenerations_FetchWhatIsNew_AndRemoveWhatIsNotNamedAnyMore() throws {
    let pair = try Pair()
    let first = try pair.add([1, 2, 3])
    let directory = try pair.open()
    XCTAssertEqual(try pair.follow(directory), [first.blob])
    let second = try pair.add(Array(repeating: 7, count: 70_000))
    XCTAssertEqual(try pair.follow(directory), [second.blob], "only what is new")
    XCTAssertEqual(directory.record.held?.files, 2)
    XCTAssertEqual(directory.record.held?.bytes, 70_003)
    try pair.remove(first.job, first.blob)
    XCTAssertEqual(try pair.follow(directory), [])
    XCTAssertEqual(try files(pair.standby), [second.blob])
    // One that goes during a look stays until that is over, and the generation has all that it names.
    let third = try pair.add([3])
    XCTAssertEqual(try pair.follow(directory) { try pair.remove(third.job, third.blob) }, [third.blob])
    XCTAssertEqual(access(pair.store.blobs.path(third.blob), F_OK), -1, "the copy was ended")
    XCTAssertEqual(try files(pair.standby), [second.blob, third.blob].sorted())
    XCTAssertEqual(try FileTree.names(in: pair.store.directory.spoolPath), [])
    directory.close()
    XCTAssertEqual(try StandbyRecord.read(pair.standby)?.json.text, directory.record.json.text)
    XCTAssertThrowsError(try Store(path: pair.standby)) { error in
      XCTAssertEqual(error as? StoreFailure, .follower(path: pair.standby))
    }
  }

  func testDeletions_WaitForThoseAlone_WhoBeganBeforeThem() throws {
    let hold = DeletionHold()
    XCTAssertEqual(hold.passing(["free"]), ["free"])
    let early = hold.begin()
    XCTAssertEqual(hold.passing(["a"]), [])
    let late = hold.begin()
    XCTAssertEqual(hold.passing(["b"]), [])
    XCTAssertEqual(hold.end(early), ["a"], "the later one does not need it")
    XCTAssertEqual(hold.end(early), [])
    XCTAssertEqual(hold.end(late), ["b"])
    XCTAssertEqual(hold.passing(["c"]), ["c"])
  }

  func testPromotion_MakesADirectoryToServeFrom_WithNumbersThatNobodyHas() throws {
    let pair = try Pair()
    let job = try pair.add([9, 9, 9])
    let directory = try pair.open()
    try pair.follow(directory)
    XCTAssertThrowsError(try Promotion.run(pair.standby, lacking: false)) { error in
      guard case .inUse = error as? StoreFailure else { return XCTFail("\(error)") }
    }
    directory.close()
    let path = pair.standby + "/files/\(job.blob.prefix(2))/\(job.blob)"
    XCTAssertEqual(rename(path, path + "a"), 0)
    XCTAssertThrowsError(try Promotion.run(pair.standby, lacking: false)) {
      XCTAssertEqual($0 as? StandbyFailure, .incomplete(["\(job.blob), which a job names, is missing"]))
    }
    XCTAssertEqual(rename(path + "a", path), 0)
    XCTAssertEqual(try Promotion.run(pair.standby, lacking: false).held?.files, 1)
    let store = try Store(path: pair.standby)
    defer { store.close() }
    XCTAssertEqual(try store.verify(), [])
    XCTAssertEqual(store.identifiers.text(.request, 7), pair.store.identifiers.text(.request, 7), "the same key")
    let next = try store.writeBlocking { database in
      try Jobs.insert(
        NewJob(
          workspaceID: 1, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
          createdAt: StandbyTests.moment), in: database)
    }
    XCTAssertEqual(next, job.job + 1_000_001)
    XCTAssertThrowsError(try Promotion.run(pair.standby, lacking: false)) {
      XCTAssertEqual($0 as? StandbyFailure, .notAStandby(path: pair.standby))
    }
  }

  func testFileThatComesInParts_IsFetchedFromItsEnd_AndComparedWhenItIsWhole() throws {
    let pair = try Pair()
    let bytes = [UInt8]((0..<100).map { UInt8($0) })
    let blob = try pair.store.blobs.make { blob in
      try pair.store.writeBlocking { database in
        _ = try Arrivals.insert(
          1, folder: nil, name: "a.bin", mediaType: nil, size: 100, blob: blob, at: Self.moment, in: database)
      }
      return blob
    }
    let path = pair.store.blobs.path(blob)
    func receive(_ count: Int) throws {
      try FileBytes.write(Array(bytes[..<count]), to: path)
      try pair.store.writeBlocking { try $0.run("UPDATE arrivals SET received = ?", count) }
    }
    try receive(40)
    var directory = try pair.open()
    XCTAssertEqual(try pair.follow(directory), [blob])
    // What was written beyond it before a loss of power may be anything.
    let copy = pair.standby + "/files/\(blob.prefix(2))/\(blob)"
    directory.close()
    try FileBytes.write(Array(bytes[..<40]) + [0xFF, 0xFF], to: copy)
    directory = try pair.open()
    XCTAssertEqual(try FileBytes.size(copy), 40)
    try receive(70)
    XCTAssertEqual(try pair.follow(directory), [blob])
    XCTAssertEqual(try FileBytes.read(copy, atMost: 200), Array(bytes[..<70]))
    try receive(100)
    try pair.follow(directory)
    try pair.store.writeBlocking { database in
      try database.run("DELETE FROM arrivals")
      let file = NewStoredFile(
        workspaceID: 1, folderID: nil, name: "a.bin", mediaType: "application/octet-stream", size: 100,
        sha256: SHA256.digest(bytes), blob: blob, createdAt: Self.moment)
      _ = try StoredFiles.insert(file, in: database)
    }
    XCTAssertEqual(try pair.follow(directory), [], "it is whole")
    XCTAssertEqual(try FileBytes.read(copy, atMost: 200), bytes)
  }

  func testFileThatComesInParts_IsHeldAsFarAsItsRowSays_AlsoWhenThatIsLessThanBefore() throws {
    let pair = try Pair()
    let blob = try pair.store.blobs.make { blob in
      try pair.store.writeBlocking { database in
        _ = try Arrivals.insert(
          1, folder: nil, name: "a.bin", mediaType: nil, size: 9, blob: blob, at: Self.moment, in: database)
      }
      return blob
    }
    let directory = try pair.open()
    defer { directory.close() }
    let copy = pair.standby + "/files/\(blob.prefix(2))/\(blob)"
    // The bytes there, and how many of them are recorded.
    for (there, received) in [("abcdXX", 4), ("abcdefgXX", 7), ("nX", 0), ("now", 3), ("nowhere", 3)] {
      try FileBytes.write(Array(there.utf8), to: pair.store.blobs.path(blob))
      try pair.store.writeBlocking { try $0.run("UPDATE arrivals SET received = ?", received) }
      try pair.follow(directory)
      XCTAssertEqual(try FileBytes.read(copy, atMost: 20), Array(there.utf8.prefix(received)), there)
      XCTAssertEqual(directory.record.held?.bytes, Int64(received), there)
    }
  }

  func testDirectories_ThatAreNoStandBys_AndOtherServers_AreRefused() throws {
    let pair = try Pair()
    let used = try TemporaryDirectory()
    try used.file("text", [1])
    XCTAssertThrowsError(try StandbyDirectory(path: used.path, from: "x")) {
      XCTAssertEqual($0 as? StandbyFailure, .notEmpty(path: used.path))
    }
    let directory = try pair.open()
    XCTAssertThrowsError(try Promotion.run(pair.standby, lacking: true)) {
      XCTAssertEqual($0 as? StandbyFailure, .nothingHeld(path: pair.standby))
    }
    try pair.follow(directory)
    XCTAssertThrowsError(try directory.take(key: [UInt8](repeating: 1, count: 32))) {
      XCTAssertEqual($0 as? StandbyFailure, .otherServer(from: "first"))
    }
    try FileBytes.copy(pair.store.directory.keyPath, to: directory.nextPath)
    XCTAssertThrowsError(try directory.checkNext(sha256: "00")) {
      XCTAssertEqual($0 as? StandbyFailure, .damaged("wonder.db"))
    }
    directory.failed("why", at: Self.moment)
    XCTAssertEqual(try StandbyRecord.read(pair.standby)?.problem, "why")
    try directory.stillHolds(asOf: Self.moment + .seconds(9))
    XCTAssertEqual(directory.record.lag(at: Self.moment + .seconds(12)), .seconds(3))
    XCTAssertNil(directory.record.problem)
  }
}
