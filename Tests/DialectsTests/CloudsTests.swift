import Basics
import Storage
import Synchronization
import TestSupport
import XCTest

/// Files of the house API that live in a store, in either direction.
final class CloudsTests: XCTestCase {
  private static let loopback = ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"]
  private static let odd = "Bilder 2026/my photo ä+&=%41.png"
  private static let oddPath = "/pictures/Bilder%202026/my%20photo%20%C3%A4%2B%26%3D%2541.png"

  private func makeStore(
    _ meddle: @escaping @Sendable (ReceivedRequest) -> WebhookReceiver.Answer? = { _ in nil }
  ) throws -> ObjectStore {
    let store = try ObjectStore(meddle: meddle)
    store.put(Self.oddPath, SamplePictures.photo)
    addTeardownBlock { store.receiver.close() }
    return store
  }

  private func place(_ endpoint: String, _ key: String, _ more: String = "", secret: String = ObjectStore.password)
    -> String
  {
    #"{"s3":{"endpoint":"\#(endpoint)","bucket":"pictures","key":"\#(key)","access_key_id":"\#(ObjectStore.user)","#
      + #""secret_access_key":"\#(secret)"\#(more)}}"#
  }

  private func submit(_ server: TestServer, _ inputs: String, outputs: String = "", isSync: Bool = true) throws
    -> TestReply
  {
    let text =
      #"{"conversion_type":"image","from":"png","to":"jpg","sync":\#(isSync),"inputs":[\#(inputs)],"outputs":[\#(outputs)]}"#
    return try server.client.send(
      "POST", "/api/v1/jobs", key: server.key, [("Content-Type", "application/json")], body: Array(text.utf8))
  }

  func testAnObject_BecomesAnObject_AndNothingOfItsKeysIsLeft() throws {
    let server = try TestServer(settings: Self.loopback)
    let store = try makeStore()
    let reply = try submit(
      server, place(store.endpoint, Self.odd), outputs: place(store.endpoint, "made/{job}/"))
    let job = reply.json["job"]
    XCTAssertEqual(job?["status"]?.string, "completed", reply.text)
    let name = job?["request_id"]?.string ?? ""
    XCTAssertEqual(reply.json["outputs"]?[0]?["file_name"]?.string, "my photo ä+&=%41.jpg")
    let target = job?["targets"]?[0]
    XCTAssertEqual(target?["kind"]?.string, "s3")
    XCTAssertEqual(target?["status"]?.string, "completed")
    XCTAssertEqual(target?["place"]?.string, "s3://pictures/made/{job}/")
    let path = "/pictures/made/\(name)/my%20photo%20%C3%A4%2B%26%3D%2541.jpg"
    let file = try server.client.get(server.path(of: reply.json["outputs"]?[0]?["download_url"]?.string)).body
    XCTAssertEqual(store.objects[path], ObjectStore.Object(bytes: file, type: "image/jpeg"))
    let again = try server.client.get("/api/v1/jobs/\(name)", key: server.key)
    for text in [reply.text, again.text] { XCTAssertFalse(text.contains(ObjectStore.password), text) }
    XCTAssertTrue(store.receiver.requests.allSatisfy { $0["user-agent"]?.hasPrefix("wonder/") ?? false })
  }

  func testABucket_MayBeAHost() throws {
    let server = try TestServer(settings: Self.loopback)
    let store = try makeStore()
    // Every name below this one is this machine (RFC 6761 section 6.3).
    let endpoint = "http://localhost:\(store.receiver.port)"
    let reply = try submit(
      server, place(endpoint, Self.odd, #","style":"host""#), outputs: place(endpoint, "x.jpg", #","style":"host""#))
    XCTAssertEqual(reply.json["job"]?["targets"]?[0]?["status"]?.string, "completed", reply.text)
    XCTAssertEqual(
      store.receiver.requests.map { $0["host"] },
      ["pictures.localhost:\(store.receiver.port)"] + ["pictures.localhost:\(store.receiver.port)"])
    XCTAssertNotNil(store.objects["/pictures/x.jpg"])
  }

  func testABucketOfAnotherRegion_IsAskedThere() throws {
    let server = try TestServer(settings: Self.loopback)
    let store = try makeStore { request in
      if request["authorization"]?.contains("/eu-west-1/s3/") ?? false { return nil }
      return request.method == "GET"
        ? .status(301, headers: [("x-amz-bucket-region", "eu-west-1"), ("Location", "http://127.0.0.1:1/")])
        : .status(400, body: "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>")
    }
    let reply = try submit(server, place(store.endpoint, Self.odd), outputs: place(store.endpoint, "x.jpg"))
    XCTAssertEqual(reply.json["job"]?["targets"]?[0]?["status"]?.string, "completed", reply.text)
    XCTAssertEqual(store.receiver.requests.count, 4)
  }

  func testWhatAStoreHasAgainstIt_IsSaidInWords() throws {
    let server = try TestServer(settings: Self.loopback)
    let other = try makeStore()
    let photo = SamplePictures.photo
    let cases: [(WebhookReceiver.Answer?, String, String)] = [
      (nil, "download_denied", "the store refused the credentials (SignatureDoesNotMatch, status 403)"),
      (ObjectStore.error(404, "NoSuchKey"), "download_missing", "there is no such file (NoSuchKey, status 404)"),
      (
        ObjectStore.error(404, "NoSuchBucket"), "download_missing", "there is no such bucket (NoSuchBucket, status 404)"
      ),
      (
        ObjectStore.error(403, "RequestTimeTooSkewed"), "download_clock",
        "the clocks of this server and of the store differ too much (RequestTimeTooSkewed, status 403)"
      ),
      (
        .status(307, headers: [("Location", other.endpoint + Self.oddPath)]), "download_status",
        "the bucket is not in the region us-east-1 (status 307)"
      ),
      (
        .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello".utf8)), "download_lost",
        "the connection was lost"
      ),
      (
        .raw(
          Array(
            "HTTP/1.1 200 OK\r\nContent-Length: \(photo.count)\r\nx-amz-checksum-sha256: \(Base64.encode([UInt8](repeating: 7, count: 32)))\r\n\r\n"
              .utf8) + photo), "download_damaged", "came damaged"
      ),
      (ObjectStore.error(500, "InternalError"), "download_status", "the store answered with InternalError, status 500"),
      (.status(200), "download_empty", "sent an empty file"),
    ]
    // At once, for two of them are tried again for seconds.
    let jobs = try cases.map { answer, _, _ in
      let store = try makeStore { _ in answer }
      let secret = answer == nil ? "wrong" : ObjectStore.password
      let reply = try submit(server, place(store.endpoint, Self.odd, secret: secret), isSync: false)
      return reply.json["request_id"]?.string ?? ""
    }
    for (job, (_, code, words)) in zip(jobs, cases) {
      var reply = try server.client.get("/api/v1/jobs/\(job)", key: server.key)
      while ["pending", "processing"].contains(reply.json["job"]?["status"]?.string) {
        reply = try server.client.get("/api/v1/jobs/\(job)", key: server.key)
      }
      XCTAssertEqual(reply.json["job"]?["error_code"]?.string, code, reply.text)
      XCTAssertTrue(reply.json["job"]?["error_message"]?.string?.contains(words) ?? false, reply.text)
    }
    XCTAssertEqual(other.receiver.connections, 0, "keys were taken elsewhere")
  }

  /// Lets a store lose the connection after so many bytes of the photo, and gives what it is asked for then.
  private func parted(
    _ answers: [WebhookReceiver.Answer], _ server: TestServer
  ) throws -> (reply: TestReply, requests: [ReceivedRequest]) {
    let number = Atomic(0)
    let store = try makeStore { _ in
      let count = number.wrappingAdd(1, ordering: .relaxed).oldValue
      return count < answers.count ? answers[count] : nil
    }
    return (try submit(server, place(store.endpoint, Self.odd)), store.receiver.requests)
  }

  private static func part(
    _ status: String, _ bytes: ArraySlice<UInt8>, of fields: String, announced: Int? = nil
  ) -> WebhookReceiver.Answer {
    .raw(Array("HTTP/1.1 \(status)\r\nContent-Length: \(announced ?? bytes.count)\r\n\(fields)\r\n".utf8) + bytes)
  }

  func testAnObjectWhoseConnectionIsLost_GoesOnWhereItWas() throws {
    let photo = SamplePictures.photo
    let sum = "x-amz-checksum-sha256: \(Base64.encode(SHA256.digest(photo)))\r\n"
    // What comes with the rest may be the sum of a part.
    let others = "x-amz-checksum-sha256: \(Base64.encode([UInt8](repeating: 7, count: 32)))\r\n"
    let answers = [
      Self.part("200 OK", photo[..<1000], of: "ETag: \"a1\"\r\n" + sum, announced: photo.count),
      ObjectStore.error(503, "SlowDown"),
      Self.part(
        "206 Partial Content", photo[1000...],
        of: "Content-Range: bytes 1000-\(photo.count - 1)/\(photo.count)\r\n" + others),
    ]
    let (reply, requests) = try parted(answers, TestServer(settings: Self.loopback))
    XCTAssertEqual(reply.json["job"]?["status"]?.string, "completed", reply.text)
    XCTAssertEqual(requests.map { $0["range"] }, [nil, "bytes=1000-", "bytes=1000-"])
    XCTAssertEqual(requests.last?["if-match"], "\"a1\"")
  }

  func testAnObjectThatIsAnotherOneByThen_OrAStoreThatKnowsNoParts_BeginsAnew() throws {
    let photo = SamplePictures.photo
    let begun = Self.part("200 OK", photo[..<1000], of: "ETag: \"a1\"\r\n", announced: photo.count)
    let weak = Self.part("200 OK", photo[..<1000], of: "ETag: W/\"a1\"\r\n", announced: photo.count)
    let cases: [([WebhookReceiver.Answer], [String?])] = [
      ([begun, ObjectStore.error(412, "PreconditionFailed")], [nil, "bytes=1000-", nil]),
      ([begun, Self.part("200 OK", photo[...], of: "")], [nil, "bytes=1000-", nil]),
      (
        [begun, Self.part("206 Partial Content", photo[900...], of: "Content-Range: bytes 900-9/10\r\n")],
        [nil, "bytes=1000-", nil]
      ),
      ([weak], [nil, nil]),
    ]
    let server = try TestServer(settings: Self.loopback)
    for (answers, ranges) in cases {
      let (reply, requests) = try parted(answers, server)
      XCTAssertEqual(reply.json["job"]?["status"]?.string, "completed", reply.text)
      XCTAssertEqual(requests.map { $0["range"] }, ranges)
    }
  }

  func testAPlaceThatIsNotCalled_IsLikeOneWhereNobodyIs() throws {
    let server = try TestServer()
    let store = try makeStore()
    let reply = try submit(server, place(store.endpoint, Self.odd))
    XCTAssertEqual(reply.json["job"]?["error_code"]?.string, "download_connect", reply.text)
    XCTAssertEqual(store.receiver.connections, 0)
  }

  func testWhatIsWrongWithAPlace_IsNamed() throws {
    let server = try TestServer(settings: Self.loopback)
    let good = place("https://s.example", "a.png")
    let cases: [(String, String, String)] = [
      (place("ftp://s.example", "a.png"), "", "inputs[0].s3.endpoint"),
      (place("https://s.example", "../a.png"), "", "inputs[0].s3.key"),
      (place("https://s.example", "a.png", secret: ""), "", "inputs[0].s3.secret_access_key"),
      (place("https://s.example", "a.png", #","style":"x""#), "", "inputs[0].s3.style"),
      (place("https://s.example", "a.png", #","acl":"x""#), "", "inputs[0].s3.acl"),
      (#"{"ftp":{"host":"f.example","path":"a","user":"a\r\nDELE b"}}"#, "", "inputs[0].ftp.user"),
      (#"{"ftp":{"host":"f.example/x","path":"a"}}"#, "", "inputs[0].ftp.host"),
      (#"{"ftp":{"host":"f.example","path":"a","tls":"x"}}"#, "", "inputs[0].ftp.tls"),
      (#"{"ftp":7}"#, "", "inputs[0].ftp"),
      (#"{"url":"http://a.example/","ftp":{}}"#, "", "inputs[0]"),
      (good, "7", "outputs[0]"), (good, #"{"url":"http://a.example/"}"#, "outputs[0]"),
      (good, place("https://s.example", "a\\u0000"), "outputs[0].s3.key"),
    ]
    for (input, output, field) in cases {
      let reply = try submit(server, input, outputs: output)
      XCTAssertEqual(reply.status, 422, reply.text)
      XCTAssertNotNil(reply.json["errors"]?[field], "\(field): \(reply.text)")
      XCTAssertFalse(reply.text.contains(ObjectStore.password))
    }
    let batch =
      #"{"to":"jpg","mode":"zip","inputs":[\#(good)],"outputs":[\#(place("https://s.example", "x"))]}"#
    let reply = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", "application/json")], body: Array(batch.utf8))
    XCTAssertNotNil(reply.json["errors"]?["outputs[0]"], reply.text)
  }

  func testEachJobOfABatch_SendsItsOwnOutput() throws {
    let server = try TestServer(settings: Self.loopback)
    let store = try makeStore()
    store.put("/pictures/b.png", SamplePictures.photo)
    let text =
      #"{"to":"jpg","inputs":[\#(place(store.endpoint, Self.odd)),\#(place(store.endpoint, "b.png"))],"#
      + #""outputs":[\#(place(store.endpoint, "all/"))]}"#
    let reply = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", "application/json")], body: Array(text.utf8))
    XCTAssertEqual(reply.status, 202, reply.text)
    let path = "/api/v1/batches/\(reply.json["batch_id"]?.string ?? "")"
    while true {
      let batch = try server.client.get(path, key: server.key)
      guard batch.json["batch"]?["status"]?.string != "processing" else { continue }
      XCTAssertEqual(batch.json["batch"]?["completed"]?.integer, 2, batch.text)
      XCTAssertEqual(batch.json["jobs"]?[1]?["targets"]?[0]?["status"]?.string, "completed", batch.text)
      break
    }
    XCTAssertEqual(store.objects.keys.filter { $0.hasPrefix("/pictures/all/") }.count, 2)
  }
}
