import Basics
import Engine
import Storage
import TestSupport
import XCTest

/// A client of Convertly's file store, with the key of one workspace.
struct StoreClient {
  let server: TestServer
  var key: String

  init(_ server: TestServer) {
    self.server = server
    key = server.key
  }

  /// The workspace "other" and its key beside the server's own; to be made before the server is.
  static func other() -> (key: String, prepare: @Sendable (Database) throws -> Void) {
    let key = KeyMaker.makeKey(prefix: "cvly_", .system)
    return (
      key.text,
      { database in
        let now = Timestamp(milliseconds: 1)
        let id = try Workspaces.insert(slug: "other", name: "other", plan: "enterprise", at: now, in: database)
        _ = try Keys.insert(
          NewKeyRow(
            workspaceID: id, hash: key.hash, hint: key.hint, name: "other", webhookSecret: "whsec_other",
            createdAt: now), in: database)
      }
    )
  }

  /// Sends a document, with the key as the vendor's library sends it ("Bearer only").
  func send(_ method: String, _ path: String, _ document: String? = nil) throws -> TestReply {
    let type = document == nil ? [] : [("Content-Type", "application/json")]
    return try server.client.send(
      method, path, [("Authorization", "Bearer \(key)")] + type, body: document.map { Array($0.utf8) })
  }

  func send(_ method: String, _ path: String, _ form: MultipartForm) throws -> TestReply {
    try server.client.send(
      method, path, [("Authorization", "Bearer \(key)"), ("Content-Type", form.contentType)], body: form.body)
  }

  /// Stores a file and gives its name.
  func add(_ name: String, _ bytes: [UInt8], folder: String? = nil) throws -> String {
    var form = MultipartForm().file("file", name, bytes)
    if let folder { form = form.field("folderId", folder) }
    let reply = try send("POST", "/api/files", form)
    XCTAssertEqual(reply.status, 201, reply.text)
    return reply.json["file"]?["id"]?.string ?? ""
  }

  func makeFolder(_ name: String, in parent: String? = nil) throws -> String {
    let reply = try send(
      "POST", "/api/folders", #"{"name":"\#(name)","parentId":\#(parent.map { "\"\($0)\"" } ?? "null")}"#)
    XCTAssertEqual(reply.status, 201, reply.text)
    return reply.json["folder"]?["id"]?.string ?? ""
  }

  /// Begins an upload and gives its answer.
  func begin(_ name: String, _ size: Int) throws -> JSONValue {
    let reply = try send(
      "POST", "/api/uploads",
      #"{"filename":"\#(name)","contentType":"text/plain","sizeBytes":\#(size),"folderId":null}"#)
    XCTAssertEqual(reply.status, 201, reply.text)
    return reply.json
  }

  /// Sends a part to the address of an upload.
  func part(_ path: String, at offset: Int, _ bytes: [UInt8]) throws -> TestReply {
    try server.client.send(
      "PATCH", path,
      [
        ("Tus-Resumable", "1.0.0"), ("Upload-Offset", String(offset)),
        ("Content-Type", "application/offset+octet-stream"),
      ], body: bytes)
  }

  /// Where an upload goes on.
  func offset(_ path: String) throws -> Int? {
    try server.client.send("HEAD", path, [("Tus-Resumable", "1.0.0")]).header("Upload-Offset").flatMap { Int($0) }
  }
}
