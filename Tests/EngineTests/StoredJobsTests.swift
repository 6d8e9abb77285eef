import Basics
import Storage
import TestSupport
import XCTest

@testable import Engine

/// Jobs whose files are stored with their end, in the same transaction, as far as there is room.
final class StoredJobsTests: XCTestCase {
  private let now = Timestamp(milliseconds: 1)

  /// A workspace with a job that runs, whose wish is given.
  private func withJob(
    _ wish: StoreWish, most: Int64?, _ body: (Store, Lifecycle, TakenJob) throws -> Void
  ) throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path + "/data")
    defer { store.close() }
    let lifecycle = Lifecycle(store: store, clock: FixedClock().clock, bootID: "boot")
    let input = try store.blobs.place([directory.file("in", [1, 2, 3])])
    try store.writeBlocking { [now] database in
      let workspace = try Workspaces.insert(slug: "w", name: "w", plan: "enterprise", at: now, in: database)
      try database.run("UPDATE plans SET max_stored = ?", most)
      let job = try Jobs.insert(
        NewJob(
          workspaceID: workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
          createdAt: now), in: database)
      try Inputs.insert(
        NewInput(fileName: "a.bin", .file(blob: input[0], size: 3, sha256: nil)), job: job, position: 0, in: database)
      try Usage.addStored(workspace, 3, in: database)
      try StoreWishes.insert(wish, job: job, in: database)
      try Usage.move(workspace, from: nil, to: .pending, in: database)
      try Queue.insert(workspace, job: job, at: now, in: database)
    }
    try body(store, lifecycle, XCTUnwrap(lifecycle.claim(after: 0)))
  }

  private func complete(_ store: Store, _ lifecycle: Lifecycle, _ taken: TakenJob, sizes: [Int]) throws {
    let directory = try TemporaryDirectory()
    let blobs = try store.blobs.place(
      sizes.enumerated().map { try directory.file("out\($0)", [UInt8](repeating: 7, count: $1)) })
    let outputs = sizes.enumerated().map { number, size in
      NewOutput(
        inputID: 1, fileName: "\(number).jpg", mediaType: "image/jpeg", size: Int64(size),
        sha256: SHA256.digest([UInt8](repeating: 7, count: size)), width: 4, height: 3)
    }
    XCTAssertTrue(try lifecycle.complete(taken.claim, taken.job, outputs: outputs, blobs: blobs, run: .zero))
  }

  private func files(_ store: Store) throws -> [StoredFile] {
    try store.read { try StoredFiles.list(1, StoredFiles.Query(), in: $0) }
  }

  func testOutputsAndOriginals_AreStored_AndKnownByTheirOutputs() throws {
    try withJob(StoreWish(keepsOriginals: true), most: nil) { store, lifecycle, taken in
      try complete(store, lifecycle, taken, sizes: [10])
      let files = try files(store)
      XCTAssertEqual(files.map(\.name), ["a.bin", "0.jpg"])
      XCTAssertEqual(files.map(\.outputID), [nil, 1])
      XCTAssertEqual(files.map(\.jobID), [1, 1])
      XCTAssertEqual(files[1].width, 4)
      XCTAssertEqual(try store.verify(), [])
      XCTAssertEqual(try store.blobs.names().count, 4)
      XCTAssertEqual(try store.read { try Usage.counter(1, Usage.storedBytes, in: $0) }, 26)
      XCTAssertEqual(try Inspection(store: store, clock: .system).check().missingFiles, [])
      _ = try store.writeBlocking { try Jobs.takeFiles(1, job: 1, in: $0) }
      XCTAssertEqual(try Inspection(store: store, clock: .system).check().orphanFiles.count, 2)
      XCTAssertEqual(try store.read { try Usage.counter(1, Usage.storedBytes, in: $0) }, 13)
    }
  }

  func testWithoutRoom_TheJobIsDone_WhatFitsIsStored_AndTheNoticeSaysSo() throws {
    try withJob(StoreWish(), most: 30) { store, lifecycle, taken in
      // 3 + 12 are there, so the first of both fits and the second does not.
      try complete(store, lifecycle, taken, sizes: [4, 8])
      XCTAssertEqual(try files(store).map(\.name), ["1.jpg", "0.jpg"])
    }
    try withJob(StoreWish(), most: 20) { store, lifecycle, taken in
      try complete(store, lifecycle, taken, sizes: [4, 8])
      XCTAssertEqual(try files(store).map(\.name), ["0.jpg"])
      let job = try XCTUnwrap(try store.read { try Jobs.find(1, id: 1, in: $0) })
      XCTAssertEqual(job.status, .completed)
      let notice = try store.read { try StoreWishes.find(job, in: $0) }?.notice
      XCTAssertTrue(notice?.contains("20 bytes") ?? false, notice ?? "none")
      // No name is left of what was not stored.
      XCTAssertEqual(try Inspection(store: store, clock: .system).check().orphanFiles, [])
    }
  }

  func testAClaimThatIsGone_StoresNothing() throws {
    try withJob(StoreWish(), most: nil) { store, lifecycle, taken in
      _ = try store.writeBlocking { try Queue.finish(taken.claim, in: $0) }
      let directory = try TemporaryDirectory()
      let blobs = try store.blobs.place([directory.file("out", [7])])
      let output = NewOutput(
        inputID: 1, fileName: "o", mediaType: "x/y", size: 1, sha256: SHA256.digest([7]), width: nil, height: nil)
      XCTAssertFalse(
        try lifecycle.complete(taken.claim, taken.job, outputs: [output], blobs: blobs, run: .zero))
      XCTAssertEqual(try files(store), [])
      XCTAssertEqual(try Inspection(store: store, clock: .system).check().orphanFiles, blobs)
    }
  }
}
