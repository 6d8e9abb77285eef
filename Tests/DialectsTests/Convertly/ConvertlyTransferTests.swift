import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// Files from elsewhere, into the store or into the answer.
final class ConvertlyTransferTests: XCTestCase {
  private static let loopback = ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"]

  private func origin() throws -> ObjectStore {
    let store = try ObjectStore { _ in nil }
    addTeardownBlock { store.receiver.close() }
    store.put("/pictures/photo.png", SamplePictures.photo)
    store.put("/pictures/two.zip", Self.archive)
    return store
  }

  /// A ZIP archive with `a.txt` ("one") and `b/c.txt` ("two"), made by Python's zipfile.
  private static let archive =
    Base64.decode(
      "UEsDBBQAAAAAAAAAIVzxhmx6AwAAAAMAAAAFAAAAYS50eHRvbmVQSwMEFAAAAAAAAAAhXGaKyhEDAAAAAwAAAAcAAABiL2MudHh0dHdvUEsBAh"
        + "QDFAAAAAAAAAAhXPGGbHoDAAAAAwAAAAUAAAAAAAAAAAAAALSBAAAAAGEudHh0UEsBAhQDFAAAAAAAAAAhXGaKyhEDAAAAAwAAAAcAAAAAAAAA"
        + "AAAAALSBJgAAAGIvYy50eHRQSwUGAAAAAAIAAgBoAAAATgAAAAAA") ?? []

  private func source(_ store: ObjectStore, _ key: String) -> String {
    #""cloudSource":{"provider":"s3","endpoint":"\#(store.endpoint)","bucket":"pictures","key":"\#(key)","#
      + #""accessKeyId":"\#(ObjectStore.user)","secretAccessKey":"\#(ObjectStore.password)"}"#
  }

  private func send(_ client: StoreClient, _ members: String) throws -> TestReply {
    try client.send("POST", "/api/transfer", "{\(members)}")
  }

  func testADownload_ComesInTheAnswer_ByteForByte() throws {
    let (client, store) = (StoreClient(try TestServer(settings: Self.loopback)), try origin())
    let reply = try send(client, source(store, "photo.png"))
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertEqual(reply.body, SamplePictures.photo)
    XCTAssertEqual(reply.header("Content-Type"), "image/png")
    XCTAssertEqual(try client.send("GET", "/api/files").json["files"], .array([]))
    // What was fetched is there once.
    XCTAssertEqual(try client.server.files().count, 1)
  }

  func testATransferIntoTheStore_IsAJob_UnlessItIsToBeWaitedFor() throws {
    let (client, store) = (StoreClient(try TestServer(settings: Self.loopback)), try origin())
    let later = try send(client, #"\#(source(store, "photo.png")),"destination":"convertly-storage""#)
    XCTAssertEqual(later.status, 202, later.text)
    XCTAssertEqual(later.json["mode"]?.string, "async")
    XCTAssertEqual(later.json["status"]?.string, "pending")
    while try client.send("GET", "/api/files").json["files"] == .array([]) { sched_yield() }
    let folder = try client.makeFolder("here")
    let now = try send(
      client,
      #"\#(source(store, "photo.png")),"destination":"convertly-storage","async":false,"filename":"b.png","folderId":"\#(folder)""#
    )
    XCTAssertEqual(now.status, 200, now.text)
    XCTAssertEqual(now.json["file"]?["filename"]?.string, "b.png")
    XCTAssertEqual(now.json["file"]?["folder_id"]?.string, folder)
    XCTAssertEqual(now.json["storage"]?["saved"]?.boolean, true)
    let link = client.server.path(of: now.json["file"]?["downloadUrl"]?.string)
    XCTAssertEqual(try client.server.client.get(link).body, SamplePictures.photo)
  }

  func testAnArchive_IsTakenApart_IntoAFolder() throws {
    let (client, store) = (StoreClient(try TestServer(settings: Self.loopback)), try origin())
    let reply = try send(
      client,
      #"\#(source(store, "two.zip")),"destination":"convertly-storage","async":false,"extract":true,"#
        + #""extractOptions":{"folderName":"two"}"#)
    XCTAssertEqual(reply.status, 200, reply.text)
    let folder = try client.send("GET", "/api/folders").json["folders"]?[0]
    XCTAssertEqual(folder?["name"]?.string, "two")
    let files = try client.send("GET", "/api/files?folderId=\(folder?["id"]?.string ?? "")").json["files"]?.array ?? []
    XCTAssertEqual(Set(files.compactMap { $0["filename"]?.string }), ["a.txt", "c.txt"])
    XCTAssertEqual(files.compactMap { $0["size_bytes"]?.integer }, [3, 3])
    for _ in 0..<2 {
      let kept = try send(
        client,
        #"\#(source(store, "two.zip")),"destination":"convertly-storage","async":false,"extract":true,"#
          + #""extractOptions":{"preservePaths":true}"#)
      XCTAssertEqual(kept.status, 200, kept.text)
    }
    let all = try client.send("GET", "/api/folders?q=b").json["folders"]?.array ?? []
    XCTAssertEqual(all.compactMap { $0["name"]?.string }, ["b"])
    let inside =
      try client.send("GET", "/api/files?folderId=\(all.first?["id"]?.string ?? "")").json["files"]?.array ?? []
    XCTAssertEqual(inside.compactMap { $0["filename"]?.string }, ["c.txt", "c.txt"])
    let damaged = try send(
      client, #"\#(source(store, "photo.png")),"extract":true,"destination":"convertly-storage","async":false"#)
    XCTAssertEqual(damaged.status, 400, damaged.text)
  }

  func testAnAddress_ThatLeadsNowhere_IsAnErrorInWords() throws {
    let client = StoreClient(try TestServer())
    let reply = try send(client, #""sourceUrl":"http://127.0.0.1:1/a.png""#)
    XCTAssertEqual(reply.status, 400, reply.text)
    XCTAssertNotNil(reply.json["error"]?.string)
  }
}
