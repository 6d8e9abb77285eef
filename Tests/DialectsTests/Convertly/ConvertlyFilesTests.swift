import Basics
import Storage
import TestSupport
import XCTest

/// Convertly's store of files and folders, as its libraries use it.
final class ConvertlyFilesTests: XCTestCase {
  func testAFile_IsStored_ListedChangedAndDeleted_InTheShapeThatTheLibraryReads() throws {
    let server = try TestServer()
    let client = StoreClient(server)
    let id = try client.add("photo.png", SamplePictures.photo)
    XCTAssertNotNil(UUID(id), id)
    let file = try XCTUnwrap(client.send("GET", "/api/files/\(id)").json["file"])
    XCTAssertEqual(file["filename"]?.string, "photo.png")
    XCTAssertEqual(file["mime_type"]?.string, "image/png")
    XCTAssertEqual(file["size_bytes"]?.integer, Int64(SamplePictures.photo.count))
    XCTAssertEqual(file["folder_id"], .null)
    let (width, height) = (file["width"]?.integer ?? 0, file["height"]?.integer ?? 0)
    XCTAssertGreaterThan(width, 0)
    let shape = width > height ? "horizontal" : width < height ? "vertical" : "square"
    let shaped = try client.send("GET", "/api/files/search?orientation=\(shape)")
    XCTAssertEqual(shaped.json["files"]?.array?.count, 1, shaped.text)
    XCTAssertEqual(file["expiresIn"]?.integer, 300)
    XCTAssertEqual(file["download_url"], file["downloadUrl"])
    let link = server.path(of: file["download_url"]?.string)
    XCTAssertEqual(try server.client.get(link).body, SamplePictures.photo)
    let part = try server.client.get(link, [("Range", "bytes=1-3")])
    XCTAssertEqual(part.status, 206)
    XCTAssertEqual(part.body, Array("PNG".utf8))
    let folder = try client.makeFolder("Pictures")
    let changed = try client.send(
      "PATCH", "/api/files/\(id)",
      #"{"filename":"../new name.png","folderId":"\#(folder)","description":"d","tags":["red","round"]}"#)
    XCTAssertEqual(changed.status, 200, changed.text)
    XCTAssertEqual(changed.json["file"]?["filename"]?.string, "new name.png")
    XCTAssertEqual(changed.json["file"]?["folder_id"]?.string, folder)
    XCTAssertEqual(changed.json["file"]?["metadata"]?["tags"]?[1]?.string, "round")
    for (query, total) in [
      ("", 1), ("?folderId=null", 0), ("?folderId=\(folder)&q=NEW", 1), ("?mimePrefix=video/", 0), ("?offset=1", 1),
    ] {
      let list = try client.send("GET", "/api/files\(query)")
      XCTAssertEqual(list.json["pagination"]?["total"]?.integer, Int64(total), "\(query): \(list.text)")
      XCTAssertEqual(list.json["pagination"]?["hasMore"]?.boolean, false)
    }
    let found = try client.send("GET", "/api/files/search?q=name&tags=red,blue&orientation=&folderId=\(folder)")
    XCTAssertEqual(found.json["files"]?.array?.count, 1, found.text)
    XCTAssertEqual(found.json["applied"]?["tagMode"]?.string, "any")
    XCTAssertEqual(try client.send("GET", "/api/files/search?tags=red,blue&tagMode=all").json["files"], .array([]))
    let gone = try client.send("DELETE", "/api/files/\(id)")
    XCTAssertEqual(gone.json["success"]?.boolean, true)
    XCTAssertEqual(try client.send("GET", "/api/files/\(id)").status, 404)
    XCTAssertEqual(try server.client.get(link).status, 410)
    XCTAssertEqual(try server.files(), [])
    let usage = try server.admin("GET", "/workspaces/api-workspace").json["workspace"]?["stored_bytes"]
    XCTAssertEqual(usage?.integer, 0)
  }

  func testALink_EndsAfterFiveMinutes_AndCannotBeMadeUp() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.clock)
    let client = StoreClient(server)
    let id = try client.add("a.txt", Array("text".utf8))
    let link = server.path(of: try client.send("GET", "/api/files/\(id)").json["file"]?["downloadUrl"]?.string)
    clock.advance(by: .seconds(299))
    XCTAssertEqual(try server.client.get(link).status, 200)
    clock.advance(by: .seconds(2))
    XCTAssertEqual(try server.client.get(link).status, 410)
    let other = String(link.reversed().drop { $0 != "/" }.dropFirst().reversed())
    XCTAssertEqual(try server.client.get(String(other.dropLast()) + "0/a.txt").status, 404)
    XCTAssertEqual(try server.client.get("/files/stored_x-y-z/a.txt").status, 404)
  }

  func testFolders_AreMade_Moved_AndNeverInThemselves() throws {
    let client = StoreClient(try TestServer())
    let top = try client.makeFolder("top")
    let low = try client.makeFolder("low", in: top)
    let circle = try client.send("PATCH", "/api/folders/\(top)", #"{"parentId":"\#(low)"}"#)
    XCTAssertEqual(circle.status, 400, circle.text)
    XCTAssertEqual(circle.json["code"]?.string, "folder_in_itself")
    XCTAssertEqual(try client.send("PATCH", "/api/folders/\(low)", #"{"name":"x","parentId":null}"#).status, 200)
    XCTAssertEqual(try client.send("GET", "/api/folders?parentId=null").json["folders"]?.array?.count, 2)
    XCTAssertEqual(try client.send("GET", "/api/folders?parentId=\(top)").json["folders"], .array([]))
    XCTAssertEqual(try client.send("GET", "/api/folders?q=TO").json["folders"]?[0]?["name"]?.string, "top")
    var deep = top
    for level in 2...16 { deep = try client.makeFolder("\(level)", in: deep) }
    let deeper = try client.send("POST", "/api/folders", #"{"name":"17","parentId":"\#(deep)"}"#)
    XCTAssertEqual(deeper.status, 400, deeper.text)
    let file = try client.add("a.txt", Array("a".utf8), folder: low)
    XCTAssertEqual(try client.send("DELETE", "/api/folders/\(low)").json["success"]?.boolean, true)
    XCTAssertEqual(try client.send("GET", "/api/files/\(file)").json["file"]?["folder_id"], .null)
    XCTAssertEqual(try client.send("POST", "/api/folders", "{}").status, 400)
  }

  func testSeveralFiles_ComeAsOneArchive_AndAForeignOneIsNotFound() throws {
    let client = StoreClient(try TestServer())
    let ids = try [client.add("a.txt", Array("one".utf8)), client.add("a.txt", Array("two".utf8))]
    let archive = try client.send("POST", "/api/files/zip", #"{"fileIds":["\#(ids[0])","\#(ids[1])"]}"#)
    XCTAssertEqual(archive.status, 200, archive.text)
    XCTAssertEqual(archive.header("Content-Type"), "application/zip")
    XCTAssertEqual(Array(archive.body.prefix(2)), Array("PK".utf8))
    XCTAssertTrue(archive.text.contains("a (2).txt") || archive.text.contains("a-2.txt"), "two names")
    for ids in [[ids[0], "11111111-1111-8111-8111-111111111111"], ["x"]] {
      let text = ids.map { "\"\($0)\"" }.joined(separator: ",")
      XCTAssertEqual(try client.send("POST", "/api/files/zip", #"{"fileIds":[\#(text)]}"#).status, 404)
    }
  }

  func testWhatIsWrong_IsNamed_AndLosesNothing() throws {
    let client = StoreClient(try TestServer())
    let id = try client.add("a.txt", Array("a".utf8))
    for (method, path, body, status, words) in [
      ("GET", "/api/files?limit=0", nil, 400, "limit must be a whole number from 1 to 200"),
      ("GET", "/api/files?folderId=x", nil, 404, "no such folder"),
      ("GET", "/api/files/search?orientation=round", nil, 400, "valid: vertical, horizontal, square"),
      ("PATCH", "/api/files/\(id)", #"{"tags":"red"}"#, 400, "tags must be an array"),
      ("PATCH", "/api/files/\(id)", #"{"cdnSlug":"x"}"#, 403, "not available"),
      ("PATCH", "/api/files/\(id)", "[]", 400, "not a JSON object"),
      ("POST", "/api/uploads", #"{"filename":"a"}"#, 400, "sizeBytes is required"),
      ("POST", "/api/uploads", #"{"filename":"a","sizeBytes":0}"#, 400, "from 1 to"),
      ("POST", "/api/uploads/complete", #"{"path":"x/y"}"#, 404, "no such upload"),
      ("POST", "/api/transfer", #"{"destination":"moon"}"#, 400, "valid: download, convertly-storage"),
      ("POST", "/api/transfer", #"{"cloudSource":{"provider":"dropbox"}}"#, 403, "not available"),
      ("POST", "/api/transfer", #"{"cloudSource":{"provider":"s3"}}"#, 400, "cloudSource."),
    ] as [(String, String, String?, Int, String)] {
      let reply = try client.send(method, path, body)
      XCTAssertEqual(reply.status, status, "\(path): \(reply.text)")
      XCTAssertTrue(reply.json["error"]?.string?.contains(words) ?? false, "\(path): \(reply.text)")
    }
    XCTAssertEqual(try client.send("GET", "/api/files").json["files"]?.array?.count, 1)
  }

  func testAPlansRoom_BoundsWhatIsStored_AndWhatIsBegun() throws {
    let server = try TestServer(prepare: { try $0.run("UPDATE plans SET max_stored = 100 WHERE name = 'enterprise'") })
    let client = StoreClient(server)
    _ = try client.add("a", [UInt8](repeating: 1, count: 60))
    let form = MultipartForm().file("file", "b", [UInt8](repeating: 1, count: 60))
    let reply = try client.send("POST", "/api/files", form)
    XCTAssertEqual(reply.status, 403, reply.text)
    XCTAssertEqual(reply.json["code"]?.string, "storage_quota_exceeded")
    XCTAssertEqual(try server.files().count, 1)
    _ = try client.begin("c", 30)
    let second = try client.send("POST", "/api/uploads", #"{"filename":"d","sizeBytes":30}"#)
    XCTAssertEqual(second.status, 403, "what is promised counts: \(second.text)")
  }

  private struct UUID {
    init?(_ text: String) {
      guard text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil else {
        return nil
      }
    }
  }
}
