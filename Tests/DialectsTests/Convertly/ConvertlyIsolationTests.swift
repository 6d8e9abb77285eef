import Appliance
import Basics
import Storage
import TestSupport
import XCTest

/// No file of one workspace can be reached from another by any row of the store, and none outlives its workspace.
final class ConvertlyIsolationTests: XCTestCase {
  func testEveryRow_FindsNothingOfAnotherWorkspace() throws {
    let (key, prepare) = StoreClient.other()
    let server = try TestServer(prepare: prepare)
    let owner = StoreClient(server)
    var stranger = StoreClient(server)
    stranger.key = key
    let folder = try owner.makeFolder("private")
    let file = try owner.add("secret.txt", Array("secret".utf8), folder: folder)
    let session = try owner.begin("more.txt", 4)
    let own = try stranger.add("own.txt", Array("own".utf8))
    let nothing = try stranger.makeFolder("mine")
    let rows = server.serve.needs.filter { row in
      ["/api/files", "/api/folders", "/api/uploads", "/api/transfer"].contains { row.path.hasPrefix($0) }
    }
    XCTAssertGreaterThanOrEqual(rows.count, 19)
    for row in rows where row.need != "anyone" {
      let name = row.path.contains("folders") ? folder : file
      let path = row.path.replacingOccurrences(of: "{id}", with: name)
      let documents = [
        #"{"folderId":"\#(folder)","filename":"a","sizeBytes":3,"name":"x","fileIds":["\#(file)"]}"#,
        #"{"parentId":"\#(folder)","name":"x","path":"\#(session["upload"]?["path"]?.string ?? "")","fileIds":["\#(file)"]}"#,
        #"{"sourceUrl":"http://a.example/","destination":"convertly-storage","folderId":"\#(folder)","filename":"x"}"#,
      ]
      for document in row.method == "GET" || row.method == "DELETE" ? [nil] : documents.map(Optional.some) {
        let reply = try stranger.send(row.method, path, document)
        XCTAssertFalse(reply.text.contains("secret"), "\(row.method) \(path): \(reply.text)")
        XCTAssertFalse(reply.text.contains("private"), "\(row.method) \(path): \(reply.text)")
        if row.path.contains("{id}"), reply.json["code"]?.string != "not_available" {
          XCTAssertEqual(reply.status, 404, "\(row.method) \(path): \(reply.text)")
        }
      }
    }
    for place in ["?folderId=\(folder)", "/search?folderId=\(folder)"] {
      XCTAssertEqual(try stranger.send("GET", "/api/files\(place)").status, 404)
    }
    let form = MultipartForm().file("file", "x.txt", [1]).field("folderId", folder)
    XCTAssertEqual(try stranger.send("POST", "/api/files", form).status, 404)
    let move = try stranger.send("PATCH", "/api/files/\(own)", #"{"folderId":"\#(folder)"}"#)
    XCTAssertEqual(move.status, 404, move.text)
    XCTAssertEqual(try stranger.send("PATCH", "/api/folders/\(nothing)", #"{"parentId":"\#(folder)"}"#).status, 404)
    let list = try owner.send("GET", "/api/files?folderId=\(folder)")
    XCTAssertEqual(list.json["files"]?.array?.count, 1)
    XCTAssertEqual(list.json["files"]?[0]?["filename"]?.string, "secret.txt")
    XCTAssertEqual(try owner.send("GET", "/api/folders").json["folders"]?.array?.count, 1)
  }

  func testWithoutAKey_NothingIsTold() throws {
    let server = try TestServer()
    for row in server.serve.needs where row.path.hasPrefix("/api/files") || row.path.hasPrefix("/api/folders") {
      let reply = try server.client.send(row.method, row.path.replacingOccurrences(of: "{id}", with: "x"), body: [])
      XCTAssertEqual(reply.status, 401, "\(row.method) \(row.path)")
    }
  }

  func testNothingOutlivesTheWorkspace() throws {
    let (key, prepare) = StoreClient.other()
    let server = try TestServer(prepare: prepare)
    var other = StoreClient(server)
    other.key = key
    let kept = try StoreClient(server).add("kept.txt", Array("kept".utf8))
    let folder = try other.makeFolder("f", in: other.makeFolder("e"))
    let link = server.path(
      of: try other.send("GET", "/api/files/\(other.add("a.txt", Array("a".utf8), folder: folder))")
        .json["file"]?["download_url"]?.string)
    let session = try other.begin("b.txt", 4)
    let address = server.path(of: session["upload"]?["signedUrl"]?.string)
    XCTAssertEqual(try other.part(address, at: 0, [1, 2]).status, 204)
    XCTAssertEqual(try server.files().count, 3)
    XCTAssertEqual(try server.admin("DELETE", "/workspaces/other").status, 200)
    XCTAssertEqual(try server.client.get(link).status, 410)
    XCTAssertEqual(try server.client.send("PUT", address, body: [1, 2, 3, 4]).status, 404)
    XCTAssertEqual(try server.files().count, 1)
    XCTAssertEqual(try StoreClient(server).send("GET", "/api/files/\(kept)").status, 200)
    XCTAssertEqual(try server.admin("POST", "/check").json["check"]?["missing_files"] ?? .array([]), .array([]))
  }
}

extension String {
  fileprivate func replacingOccurrences(of text: String, with other: String) -> String {
    split(separator: text, omittingEmptySubsequences: false).joined(separator: other)
  }
}
