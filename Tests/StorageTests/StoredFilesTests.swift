import Basics
import TestSupport
import XCTest

@testable import Storage

/// Files that stay, by name, folder and what is noted of them.
final class StoredFilesTests: XCTestCase {
  private let now = Timestamp(milliseconds: 1)

  private func inStore(_ body: @escaping @Sendable (Database, _ workspace: Int64) throws -> Void) throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let now = now
    try store.writeBlocking { database in
      try body(database, Workspaces.insert(slug: "w", name: "w", plan: "pro", at: now, in: database))
    }
  }

  private static func add(
    _ name: String, _ workspace: Int64, folder: Int64? = nil, type: String = "image/png", size: Int64 = 1,
    sides: (Int, Int)? = nil, notes: String? = nil, _ database: Database
  ) throws -> Int64 {
    var file = NewStoredFile(
      workspaceID: workspace, folderID: folder, name: name, mediaType: type, size: size, sha256: SHA256.digest([]),
      blob: "00\(name)", createdAt: Timestamp(milliseconds: 1))
    (file.width, file.height, file.metadata) = (sides?.0, sides?.1, notes)
    return try StoredFiles.insert(file, in: database).id
  }

  func testLists_FindByPlaceNameTypeShapeAndTags_TheNewestFirst() throws {
    try inStore { database, workspace in
      let other = try Workspaces.insert(
        slug: "o", name: "o", plan: "pro", at: Timestamp(milliseconds: 1), in: database)
      let folder = try StoredFolders.insert(
        workspace, parent: nil, name: "f", color: nil, at: Timestamp(milliseconds: 1), in: database)
      _ = try Self.add("Ärger 100%.png", workspace, sides: (4, 2), notes: #"{"tags":["Red","old"]}"#, database)
      _ = try Self.add("b_c.pdf", workspace, folder: folder, type: "application/pdf", database)
      _ = try Self.add("cat.png", workspace, folder: folder, sides: (2, 2), notes: #"{"tags":["red"]}"#, database)
      _ = try Self.add("cat.png", other, database)
      func names(_ change: (inout StoredFiles.Query) -> Void) throws -> [String] {
        var query = StoredFiles.Query()
        change(&query)
        let files = try StoredFiles.list(workspace, query, in: database).map(\.name)
        query.limit = 1
        XCTAssertEqual(try StoredFiles.count(workspace, query, in: database), files.count)
        return files
      }
      XCTAssertEqual(try names { _ in }, ["cat.png", "b_c.pdf", "Ärger 100%.png"])
      XCTAssertEqual(try names { $0.place = .folder(nil) }, ["Ärger 100%.png"])
      XCTAssertEqual(try names { $0.place = .folder(folder) }, ["cat.png", "b_c.pdf"])
      XCTAssertEqual(try names { $0.text = "ÄRGER 100%" }, ["Ärger 100%.png"])
      XCTAssertEqual(try names { $0.text = "_" }, ["b_c.pdf"])
      XCTAssertEqual(try names { ($0.text, $0.place) = ("c", .folder(folder)) }, ["cat.png", "b_c.pdf"])
      XCTAssertEqual(try names { $0.mediaType = "image/" }, ["cat.png", "Ärger 100%.png"])
      XCTAssertEqual(try names { $0.shape = .horizontal }, ["Ärger 100%.png"])
      XCTAssertEqual(try names { $0.shape = .square }, ["cat.png"])
      XCTAssertEqual(try names { $0.tags = ["RED"] }, ["cat.png", "Ärger 100%.png"])
      let green = try Self.add("d", workspace, notes: #"{"tags":["GRÜN","Ökologie"]}"#, database)
      for tag in ["grün", "Grün", "GRÜN", "ökologie", "ÖKOLOGIE"] {
        XCTAssertEqual(try names { $0.tags = [tag] }, ["d"], tag)
        XCTAssertEqual(try names { ($0.tags, $0.place) = ([tag], .folder(nil)) }, ["d"], tag)
      }
      _ = try StoredFiles.delete(workspace, id: green, in: database)
      XCTAssertEqual(try names { ($0.tags, $0.needsAllTags) = (["red", "old"], true) }, ["Ärger 100%.png"])
      XCTAssertEqual(try names { ($0.tags, $0.place) = (["old", "new"], .folder(folder)) }, [])
      var page = StoredFiles.Query()
      (page.limit, page.skipped) = (1, 1)
      XCTAssertEqual(try StoredFiles.list(workspace, page, in: database).map(\.name), ["b_c.pdf"])
    }
  }

  func testBytes_CountWhileTheFileOrWhatHasComeOfItIsThere() throws {
    try inStore { database, workspace in
      func stored() throws -> Int64 { try Usage.counter(workspace, Usage.storedBytes, in: database) }
      let now = Timestamp(milliseconds: 1)
      let file = try Self.add("a", workspace, size: 10, database)
      XCTAssertEqual(try stored(), 10)
      XCTAssertEqual(try StoredFiles.delete(workspace + 1, id: file, in: database), TakenFiles())
      XCTAssertEqual(try StoredFiles.delete(workspace, id: file, in: database).blobs, ["00a"])
      XCTAssertEqual(try stored(), 0)
      let row = try Arrivals.insert(
        workspace, folder: nil, name: "b", mediaType: nil, size: 8, blob: "00b", at: now, in: database)
      let begun = try XCTUnwrap(Arrivals.find(workspace, id: row, in: database))
      XCTAssertEqual(try Arrivals.outstanding(workspace, in: database), 8)
      XCTAssertTrue(try Arrivals.setReceived(begun, 5, at: now, in: database))
      // Another request has been faster.
      XCTAssertFalse(try Arrivals.setReceived(begun, 8, at: now, in: database))
      XCTAssertEqual(try stored(), 5)
      let half = try XCTUnwrap(Arrivals.find(workspace, id: row, in: database))
      XCTAssertTrue(try Arrivals.restart(half, in: "00c", at: now, database))
      XCTAssertEqual(try stored(), 0)
      XCTAssertFalse(try Arrivals.restart(half, in: "00d", at: now, database))
      let anew = try XCTUnwrap(Arrivals.find(workspace, id: row, in: database))
      XCTAssertTrue(try Arrivals.setReceived(anew, 5, at: now, in: database))
      XCTAssertFalse(try Arrivals.setReceived(half, 6, at: now, in: database), "its bytes are in another file")
      XCTAssertEqual(try Arrivals.delete(anew, in: database).blobs, ["00c"])
      XCTAssertEqual(try stored(), 0)
    }
  }

  func testFolders_AreDeleted_AndWhatIsInThemIsWhereTheyWere() throws {
    try inStore { database, workspace in
      let now = Timestamp(milliseconds: 1)
      func make(_ name: String, in parent: Int64?) throws -> Int64 {
        try StoredFolders.insert(workspace, parent: parent, name: name, color: nil, at: now, in: database)
      }
      let (top, middle) = (try make("top", in: nil), try make("middle", in: 1))
      let low = try make("low", in: middle)
      let file = try Self.add("a", workspace, folder: middle, database)
      XCTAssertEqual(
        try StoredFolders.line(workspace, to: low, in: database).map(\.name), ["low", "middle", "top"])
      XCTAssertEqual(try StoredFolders.levels(below: top, of: workspace, in: database), 2)
      try StoredFolders.delete(
        XCTUnwrap(StoredFolders.find(workspace, id: middle, in: database)), at: now, in: database)
      XCTAssertEqual(try StoredFolders.find(workspace, id: low, in: database)?.parentID, top)
      XCTAssertEqual(try StoredFiles.find(workspace, id: file, in: database)?.folderID, top)
    }
  }

  /// Ten thousand files: a page and a search cost what they cost among ten.
  func testPages_OfManyFiles_AreAllFound() throws {
    try inStore { database, workspace in
      for number in 0..<10_000 { _ = try Self.add("file \(number).png", workspace, database) }
      var query = StoredFiles.Query()
      query.skipped = 9_950
      XCTAssertEqual(try StoredFiles.list(workspace, query, in: database).last?.name, "file 0.png")
      query = StoredFiles.Query()
      query.text = "7777"
      XCTAssertEqual(try StoredFiles.list(workspace, query, in: database).map(\.name), ["file 7777.png"])
      XCTAssertEqual(try StoredFiles.count(workspace, StoredFiles.Query(), in: database), 10_000)
      let clock = ContinuousClock()
      for (name, change) in [
        ("first page", { (_: inout StoredFiles.Query) in }), ("last page", { $0.skipped = 9_950 }),
        ("search", { $0.text = "7777" }), ("folder", { $0.place = .folder(nil) }),
      ] {
        var query = StoredFiles.Query()
        change(&query)
        let span = try clock.measure {
          _ = try StoredFiles.list(workspace, query, in: database)
          _ = try StoredFiles.count(workspace, query, in: database)
        }
        // Read by people; a busy machine must not fail a test.
        print("\(name): \(span)")
      }
    }
  }
}
