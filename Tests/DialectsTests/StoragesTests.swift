import Basics
import Dispatch
import Storage
import TestSupport
import XCTest

/// Places elsewhere that a workspace keeps with what opens them: jobs name them, and nobody is shown their secrets.
final class StoragesTests: XCTestCase {
  private static let loopback = ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"]
  private static let secrets = [ObjectStore.password, ObjectStore.user, "hush-hush"]

  private func makeStore(
    _ meddle: @escaping @Sendable (ReceivedRequest) -> WebhookReceiver.Answer? = { _ in nil }
  ) throws -> ObjectStore {
    let store = try ObjectStore(meddle: meddle)
    store.put("/pictures/in/a%20b.png", SamplePictures.photo)
    addTeardownBlock { store.receiver.close() }
    return store
  }

  private func send(_ server: TestServer, _ method: String, _ path: String, _ body: String? = nil, key: String? = nil)
    throws -> TestReply
  {
    try server.client.send(
      method, path, key: key ?? server.key, body.map { _ in [("Content-Type", "application/json")] } ?? [],
      body: body.map { Array($0.utf8) })
  }

  private func document(_ store: ObjectStore, bucket: String? = "pictures", secret: String = ObjectStore.password)
    -> String
  {
    let bucket = bucket.map { #""bucket":"\#($0)","# } ?? ""
    return #"{"kind":"s3","endpoint":"\#(store.endpoint)",\#(bucket)"access_key_id":"\#(ObjectStore.user)","#
      + #""secret_access_key":"\#(secret)"}"#
  }

  private func keep(
    _ server: TestServer, _ name: String, _ document: String, key: String? = nil, status: Int = 201
  ) throws -> JSONValue {
    let reply = try send(server, "PUT", "/api/v1/storages/\(name)", document, key: key)
    XCTAssertEqual(reply.status, status, reply.text)
    return reply.json["storage"] ?? .null
  }

  private func submit(
    _ server: TestServer, _ inputs: String, outputs: String = "", isSync: Bool = true, key: String? = nil
  ) throws -> TestReply {
    let text =
      #"{"conversion_type":"image","from":"png","to":"jpg","sync":\#(isSync),"inputs":[\#(inputs)],"outputs":[\#(outputs)]}"#
    return try send(server, "POST", "/api/v1/jobs", text, key: key)
  }

  func testAStorage_OpensItsBucketByItsNameAndByItsBucket_AndShowsNoSecret() throws {
    let server = try TestServer(settings: Self.loopback)
    let store = try makeStore()
    let kept = try keep(server, "photos", document(store))
    XCTAssertEqual(kept["access_key_id"]?.string, "…MPLE")
    XCTAssertEqual(kept["bucket"]?.string, "pictures")
    var texts = [kept.text]
    let reply = try submit(
      server, #"{"s3":{"storage":"photos","key":"in/a b.png"}},{"url":"s3://pictures/in/a b.png"}"#,
      outputs: #""s3://pictures/made/{number}.{extension}",{"s3":{"storage":"photos","key":"named/"}}"#)
    XCTAssertEqual(reply.json["job"]?["status"]?.string, "completed", reply.text)
    XCTAssertEqual(reply.json["job"]?["targets"]?[1]?["status"]?.string, "completed", reply.text)
    XCTAssertEqual(
      store.objects.keys.filter { !$0.hasPrefix("/pictures/in") }.sorted(),
      [
        "/pictures/made/1.jpg", "/pictures/made/2.jpg", "/pictures/named/a%20b-2.jpg",
        "/pictures/named/a%20b.jpg",
      ]
    )
    texts += [reply.text, try server.admin("GET", "/jobs/\(reply.json["job"]?["request_id"]?.string ?? "")").text]
    for path in ["/api/v1/storages", "/api/v1/storages/photos"] { texts.append(try send(server, "GET", path).text) }
    let tried = try send(server, "POST", "/api/v1/storages/photos/test")
    XCTAssertEqual(tried.json["works"]?.boolean, true, tried.text)
    _ = try keep(server, "photos", document(store, secret: "hush-hush"), status: 200)
    let refused = try send(server, "POST", "/api/v1/storages/photos/test")
    XCTAssertEqual(refused.json["code"]?.string, "download_denied", refused.text)
    XCTAssertEqual(
      refused.json["message"]?.string, "the store refused the credentials (SignatureDoesNotMatch, status 403)")
    texts += [tried.text, refused.text, try server.admin("GET", "/storages?workspace=api-workspace").text]
    texts += [try server.admin("GET", "/audit").text, try send(server, "DELETE", "/api/v1/storages/photos").text]
    for text in texts { for secret in Self.secrets { XCTAssertFalse(text.contains(secret), text) } }
    XCTAssertEqual(try send(server, "GET", "/api/v1/storages/photos").status, 404)
  }

  func testAStorageOfAnyBucket_IsThatOfTheBucketsWithoutOneOfTheirOwn() throws {
    let server = try TestServer(settings: Self.loopback)
    let (own, any) = (try makeStore(), try makeStore())
    _ = try keep(server, "any", document(any, bucket: nil))
    let first = try submit(server, #"{"url":"s3://pictures/in/a b.png"}"#)
    XCTAssertEqual(first.json["job"]?["status"]?.string, "completed", first.text)
    XCTAssertEqual(any.receiver.requests.count, 1)
    _ = try keep(server, "own", document(own))
    _ = try submit(server, #"{"url":"s3://pictures/in/a b.png"}"#)
    XCTAssertEqual([own.receiver.requests.count, any.receiver.requests.count], [1, 1])
    let named = try submit(server, #"{"s3":{"storage":"any","bucket":"pictures","key":"in/a b.png"}}"#)
    XCTAssertEqual(named.json["job"]?["status"]?.string, "completed", named.text)
    XCTAssertEqual([own.receiver.requests.count, any.receiver.requests.count], [1, 2])
  }

  /// The seam is one: whatever takes an address takes the short form, and what is FTP's is looked up in the same way.
  func testEveryApiThatTakesAnAddress_TakesTheShortForm() throws {
    let server = try TestServer(settings: Self.loopback)
    let store = try makeStore()
    _ = try keep(server, "photos", document(store))
    let koala = try send(
      server, "POST", "/api/v1/convert/url", #"{"url":"s3://pictures/in/a b.png","output_format":"bmp"}"#)
    XCTAssertEqual(koala.status, 202, koala.text)
    let vendor = try send(
      server, "POST", "/v2/jobs",
      #"{"input":[{"type":"remote","source":"s3://pictures/in/a b.png"}],"conversion":[{"target":"bmp"}]}"#)
    XCTAssertEqual(vendor.status, 201, vendor.text)
    let convertly = try send(
      server, "POST", "/api/transfer", #"{"sourceUrl":"s3://pictures/in/a b.png","async":false}"#)
    XCTAssertEqual(convertly.body, SamplePictures.photo, convertly.text)
    var requests = 0
    while requests < 3 { requests = store.receiver.requests.count }
    _ = try keep(server, "inbox", #"{"kind":"ftp","host":"127.0.0.1:1","user":"ann","password":"hush-hush"}"#)
    let ftp = try submit(server, #"{"ftp":{"storage":"inbox","path":"in/a.png"}}"#)
    XCTAssertEqual(ftp.json["job"]?["error_code"]?.string, "download_connect", ftp.text)
    let tried = try send(server, "POST", "/api/v1/storages/inbox/test")
    XCTAssertEqual(tried.json["message"]?.string, "could not connect", tried.text)
    let plain = try submit(server, #"{"url":"ftp://127.0.0.1:1/in/a.png"}"#)
    XCTAssertEqual(plain.status, 422)
  }

  func testAnAcceptedJob_KeepsWhatItHasTaken() throws {
    let server = try TestServer(settings: Self.loopback)
    let (asked, goOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let store = try makeStore { request in
      guard request.method == "GET" else { return nil }
      asked.signal()
      return goOn.wait(timeout: .now() + 20) == .success ? nil : .status(500)
    }
    _ = try keep(server, "photos", document(store))
    let taken = try submit(
      server, #"{"url":"s3://pictures/in/a b.png"}"#, outputs: #""s3://pictures/made/x.jpg""#, isSync: false)
    XCTAssertEqual(asked.wait(timeout: .now() + 20), .success)
    _ = try keep(server, "photos", document(store, secret: "hush-hush"), status: 200)
    XCTAssertEqual(try send(server, "DELETE", "/api/v1/storages/photos").status, 200)
    goOn.signal()
    let id = taken.json["request_id"]?.string ?? ""
    _ = try server.ended(id)
    let job = try send(server, "GET", "/api/v1/jobs/\(id)").json["job"]
    XCTAssertEqual(job?["targets"]?[0]?["status"]?.string, "completed", job?.text ?? "")
    XCTAssertNotNil(store.objects["/pictures/made/x.jpg"])
  }

  func testWhatIsNotThere_IsNamedWithWhatIs() throws {
    let server = try TestServer(settings: Self.loopback)
    let store = try makeStore()
    for name in ["one", "two"] { _ = try keep(server, name, document(store, bucket: "shared")) }
    _ = try keep(server, "photos", document(store))
    _ = try keep(server, "inbox", #"{"kind":"ftp","host":"127.0.0.1:1"}"#)
    let good = #"{"s3":{"storage":"photos","key":"in/a b.png"}}"#
    let list = "one (bucket shared), photos (bucket pictures), two (bucket shared)"
    let cases: [(String, String, String, String)] = [
      (#"{"url":"s3://shared/a.png"}"#, "", "inputs[0].url", "more than one"),
      (#"{"url":"s3://other/a.png"}"#, "", "inputs[0].url", list),
      (#"{"url":"s3://pictures/"}"#, "", "inputs[0].url", "one file"),
      (good, #""s3://other/""#, "outputs[0]", list), (good, #""s3:/x""#, "outputs[0]", "s3://bucket/key"),
      (good, #""s3://pictures/../x""#, "outputs[0]", ".."),
      (#"{"s3":{"storage":"none","key":"a"}}"#, "", "inputs[0].s3.storage", list),
      (#"{"s3":{"storage":"inbox","key":"a"}}"#, "", "inputs[0].s3.storage", list),
      (#"{"s3":{"storage":"photos","bucket":"x","key":"a"}}"#, "", "inputs[0].s3.bucket", "pictures"),
      (#"{"s3":{"storage":"photos","key":"a","access_key_id":"x"}}"#, "", "inputs[0].s3.access_key_id", "not both"),
      (
        #"{"s3":{"storage":"photos","key":"a","endpoint":"http://a.example"}}"#, "", "inputs[0].s3.endpoint", "not both"
      ),
      (#"{"s3":{"storage":"photos"}}"#, "", "inputs[0].s3.key", "one file"),
      (#"{"ftp":{"storage":"photos","path":"a"}}"#, "", "inputs[0].ftp.storage", "inbox"),
      (#"{"ftp":{"storage":"inbox","path":"a","password":"x"}}"#, "", "inputs[0].ftp.password", "not both"),
    ]
    for (input, output, field, words) in cases {
      let reply = try submit(server, input, outputs: output)
      XCTAssertEqual(reply.status, 422, reply.text)
      let problem = reply.json["errors"]?[field]?[0]?.string ?? ""
      XCTAssertTrue(problem.contains(words), "\(field): \(reply.text)")
    }
    let documents: [(String, String, String)] = [
      ("X", document(store), "name"), ("a", "{}", "kind"), ("a", #"{"kind":"s3"}"#, "access_key_id"),
      ("a", #"{"kind":"s3","access_key_id":"a"}"#, "secret_access_key"),
      ("a", #"{"kind":"s3","access_key_id":"a","secret_access_key":"b","bucket":"a/b","style":"path"}"#, "bucket"),
      ("a", #"{"kind":"s3","access_key_id":"a","secret_access_key":"b","key":"b"}"#, "key"),
      ("a", #"{"kind":"s3","access_key_id":"a","secret_access_key":"b","style":"x"}"#, "style"),
      ("a", #"{"kind":"ftp"}"#, "host"), ("a", #"{"kind":"ftp","host":"a","user":"a\nb"}"#, "user"),
    ]
    for (name, document, field) in documents {
      let reply = try send(server, "PUT", "/api/v1/storages/\(name)", document)
      XCTAssertNotNil(reply.json["errors"]?[field], "\(field): \(reply.text)")
    }
    XCTAssertEqual(try server.files(), [])
  }

  /// A page's key and the token of one job may do nothing with what the workspace keeps.
  func testWhoeverMayDoLess_OpensNoStorage() throws {
    let server = try TestServer(settings: Self.loopback)
    let store = try makeStore()
    _ = try keep(server, "photos", document(store))
    let made = try server.admin(
      "POST", "/keys", #"{"workspace":"api-workspace","kind":"public","origins":["https://app.example.com"]}"#)
    for input in [#"{"url":"s3://pictures/in/a b.png"}"#, #"{"s3":{"storage":"photos","key":"in/a b.png"}}"#] {
      let text = #"{"conversion_type":"image","from":"png","to":"jpg","sync":true,"inputs":[\#(input)]}"#
      let reply = try server.client.send(
        "POST", "/api/v1/jobs", key: made.json["key"]?["key"]?.string,
        [("Content-Type", "application/json"), ("Origin", "https://app.example.com")], body: Array(text.utf8))
      XCTAssertEqual(reply.json["code"]?.string, "secret_key_required", reply.text)
    }
    let job = try send(server, "POST", "/v2/jobs", #"{"process":false,"conversion":[{"target":"bmp"}]}"#).json
    let input = #"{"type":"remote","source":"s3://pictures/in/a b.png"}"#
    let path = "/v2/jobs/\(job["id"]?.string ?? "")/input"
    let token = try server.client.send(
      "POST", path, [("X-Oc-Token", job["token"]?.string ?? "")], body: Array(input.utf8))
    XCTAssertEqual(token.status, 401, token.text)
    XCTAssertEqual(store.receiver.connections, 0)
    XCTAssertEqual(try send(server, "POST", path, input).status, 201)
  }

  func testAnotherWorkspace_FindsNothing_AndNothingOutlivesItsOwn() throws {
    let (key, prepare) = StoreClient.other()
    let server = try TestServer(settings: Self.loopback, prepare: prepare)
    let store = try makeStore()
    _ = try keep(server, "photos", document(store))
    XCTAssertEqual(try send(server, "GET", "/api/v1/storages", key: key).json["storages"], .array([]))
    for (method, path) in [("GET", ""), ("DELETE", ""), ("POST", "/test")] {
      let reply = try send(server, method, "/api/v1/storages/photos\(path)", key: key)
      XCTAssertEqual(reply.json["code"]?.string, "storage_not_found", reply.text)
    }
    for input in [#"{"url":"s3://pictures/in/a b.png"}"#, #"{"s3":{"storage":"photos","key":"in/a b.png"}}"#] {
      let reply = try submit(server, input, key: key)
      XCTAssertEqual(reply.status, 422)
      XCTAssertTrue(reply.text.contains("none yet"), reply.text)
      XCTAssertFalse(reply.text.contains("(bucket"), reply.text)
    }
    _ = try keep(server, "photos", #"{"kind":"ftp","host":"127.0.0.1:1","password":"hush-hush"}"#, key: key)
    XCTAssertEqual(try send(server, "GET", "/api/v1/storages/photos").json["storage"]?["kind"]?.string, "s3")
    XCTAssertTrue(try copied(server).contains("hush-hush"))
    XCTAssertEqual(try server.admin("DELETE", "/workspaces/other").status, 200)
    XCTAssertFalse(try copied(server).contains("hush-hush"))
    XCTAssertTrue(try copied(server).contains(ObjectStore.password))
    XCTAssertEqual(try send(server, "DELETE", "/api/v1/storages/photos").status, 200)
    XCTAssertFalse(try copied(server).contains(ObjectStore.password))
  }

  /// The database as it is now, with its log written back.
  private func copied(_ server: TestServer) throws -> String {
    let copy = server.directory.path + "/copy.db"
    for ending in ["", "-wal"] {
      try FileBytes.write(
        try FileBytes.read(server.dataPath + "/wonder.db" + ending, atMost: 1 << 28), to: copy + ending)
    }
    let database = try Database(path: copy, mode: .writing)
    try database.script("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return String(decoding: try FileBytes.read(copy, atMost: 1 << 28), as: UTF8.self)
  }
}
