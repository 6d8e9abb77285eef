import Basics
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Engine

/// Outputs on their way elsewhere: tried again, in parts, given up, let go of, and never lost.
final class UploaderTests: XCTestCase {
  private func makeBed() throws -> UploadBed {
    let bed = try UploadBed()
    addTeardownBlock { bed.close() }
    return bed
  }

  private func makeStore(
    _ meddle: @escaping @Sendable (ReceivedRequest) -> WebhookReceiver.Answer? = { _ in nil }
  ) throws -> ObjectStore {
    let store = try ObjectStore(meddle: meddle)
    addTeardownBlock { store.receiver.close() }
    return store
  }

  func testAJob_EndsWhenItsOutputsAreThere() throws {
    let (bed, store) = (try makeBed(), try makeStore())
    let job = try bed.made([UploadBed.target(store, "a/{stem}-{number}.{extension}"), UploadBed.target(store, "b/")])
    XCTAssertEqual(try bed.job(job).status, .processing, "nothing was sent yet")
    XCTAssertEqual(try bed.secrets(), 2)
    try bed.start()
    let ended = try bed.ended(job)
    XCTAssertEqual(ended.status, .completed)
    XCTAssertEqual(ended.run, .seconds(1))
    XCTAssertEqual(try bed.targets(job).map(\.status), [.completed, .completed])
    let object = ObjectStore.Object(bytes: UploadBed.bytes(1000), type: "image/jpeg")
    XCTAssertEqual(store.objects, ["/pictures/a/out-1.jpg": object, "/pictures/b/out.jpg": object])
    XCTAssertEqual(try bed.secrets(), 0)
  }

  func testWhatMayPass_IsTriedAgain() throws {
    let answers: [WebhookReceiver.Answer] = [
      ObjectStore.error(503, "SlowDown"), .reset, ObjectStore.error(403, "RequestTimeTooSkewed"),
    ]
    let number = Atomic(0)
    let (bed, store) = (
      try makeBed(),
      try makeStore { _ in
        let count = number.wrappingAdd(1, ordering: .relaxed).oldValue
        return count < answers.count ? answers[count] : nil
      }
    )
    try bed.start()
    let job = try bed.made([UploadBed.target(store, "x")])
    XCTAssertEqual(try bed.ended(job).status, .completed)
    XCTAssertEqual(try bed.targets(job).map(\.status), [.completed])
    XCTAssertEqual(store.receiver.requests.count, 4)
  }

  func testWhatNeverComesRight_FailsItsTargetInWords_AndTheJobHasItsOutput() throws {
    let cases: [(WebhookReceiver.Answer, String, Int)] = [
      (
        ObjectStore.error(500, "InternalError"), "could not be sent: the store answered with InternalError, status 500",
        3
      ),
      (
        ObjectStore.error(403, "AccessDenied"),
        "could not be sent: the store refused the credentials (AccessDenied, status 403)", 1
      ),
      (
        ObjectStore.error(404, "NoSuchBucket"), "could not be sent: there is no such bucket (NoSuchBucket, status 404)",
        1
      ),
      (
        .status(400, body: "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>"),
        "could not be sent: the bucket is not in the region eu-west-1 "
          + "(AuthorizationHeaderMalformed, status 400)", 2
      ),
      (
        .status(307, headers: [("Location", "http://127.0.0.1:1/")]),
        "could not be sent: the bucket is not in the region us-east-1 (status 307)", 1
      ),
      (
        .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".utf8)), "could not be sent: the connection was lost",
        3
      ),
      (.hang, "could not be sent: no complete answer in time", 3),
      (.raw(Array("220 hello\r\n".utf8)), "could not be sent: not an HTTP answer", 3),
    ]
    for (answer, words, requests) in cases {
      let (bed, bad, good) = (try makeBed(), try makeStore { _ in answer }, try makeStore())
      try bed.start(tries: 2, timeLimit: .milliseconds(1000))
      let job = try bed.made([UploadBed.target(bad, "x"), UploadBed.target(good, "y")])
      XCTAssertEqual(try bed.ended(job).status, .completed, words)
      let targets = try bed.targets(job)
      XCTAssertEqual(targets.map(\.status), [.failed, .completed], words)
      XCTAssertEqual(targets.first?.message, words)
      XCTAssertEqual(bad.receiver.requests.count, requests, words)
      XCTAssertEqual(try bed.store.read { try Outputs.all(job: job, in: $0) }.count, 1)
      XCTAssertEqual(try bed.secrets(), 0)
    }
  }

  func testAnAddressThatIsNotCalled_LooksLikeOneThatNobodyAnswersAt() throws {
    let (bed, store) = (try makeBed(), try makeStore())
    try bed.start(tries: 1, allowed: "10.0.0.0/8")
    let job = try bed.made([UploadBed.target(store, "x")])
    _ = try bed.ended(job)
    XCTAssertEqual(try bed.targets(job).first?.message, "could not be sent: could not connect")
    XCTAssertEqual(store.receiver.connections, 0)
  }

  func testALargeOutput_GoesInParts_AndEachIsTriedAgainAlone() throws {
    let failed = Atomic(false)
    let (bed, store) = (
      try makeBed(),
      try makeStore { request in
        guard request.path.contains("partNumber=3"), !failed.exchange(true, ordering: .relaxed) else { return nil }
        return ObjectStore.error(500, "InternalError")
      }
    )
    try bed.start()
    let count = 4097
    let job = try bed.made([UploadBed.target(store, "large")], bytes: count)
    XCTAssertEqual(try bed.ended(job).status, .completed)
    XCTAssertEqual(try bed.targets(job).map(\.status), [.completed])
    XCTAssertTrue(store.objects["/pictures/large"]?.bytes == UploadBed.bytes(count))
    // One that begins, five parts, one of them twice, and one that ends.
    XCTAssertEqual(store.receiver.requests.count, 8)
  }

  func testAfterARestart_OnlyTheMissingPartsAreSent() throws {
    let hangs = Atomic(true)
    let (bed, store) = (
      try makeBed(),
      try makeStore { request in
        request.path.contains("partNumber=3") && hangs.load(ordering: .relaxed) ? .hang : nil
      }
    )
    try bed.start()
    let job = try bed.made([UploadBed.target(store, "large")], bytes: 4097)
    _ = store.receiver.wait(for: 4)
    bed.stop()
    hangs.store(false, ordering: .relaxed)
    try bed.start()
    XCTAssertEqual(try bed.ended(job).status, .completed)
    XCTAssertEqual(try bed.targets(job).map(\.status), [.completed])
    let parts = store.receiver.requests.filter { $0.path.contains("partNumber=") }
    XCTAssertEqual(parts.count, 6, "the third twice, all others once")
  }

  func testWhatNobodyWantsAnyMore_IsStopped_AndItsPartsAreLetGoOf() async throws {
    for deletes in [false, true] {
      let (bed, store) = (
        try makeBed(), try makeStore { $0.path.contains("partNumber=2") ? .hang : nil }
      )
      try bed.start()
      let job = try bed.made([UploadBed.target(store, "large")], bytes: 4097)
      _ = store.receiver.wait(for: 3)
      if deletes {
        try await bed.lifecycle.delete(bed.workspace, row: job)
      } else {
        _ = try await bed.lifecycle.cancel(bed.workspace, row: job)
        XCTAssertEqual(try bed.targets(job).map(\.status), [.failed])
        XCTAssertEqual(try bed.targets(job).first?.message, "nothing was sent: the job ended before")
      }
      let last = try XCTUnwrap(store.receiver.wait(for: 4).last)
      XCTAssertEqual(last.method, "DELETE")
      while store.openUploads > 0 { sched_yield() }
      XCTAssertEqual(try bed.secrets(), 0)
      XCTAssertEqual(try bed.store.read { try Uploads.counts(in: $0) }.running, 0)
    }
  }

  /// The output's file was closed when nobody wanted it any more, and its number is somebody else's by then.
  func testAStop_WhileTheStoreIsAskedToLetGo_ClosesNobodysFile() async throws {
    let (bed, store) = (
      try makeBed(),
      try makeStore { $0.path.contains("partNumber=2") || $0.method == "DELETE" ? .hang : nil }
    )
    // Lower numbers are given first, so connections take these, and the output's own is left.
    let spare = (0..<16).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
    try bed.start()
    let job = try bed.made([UploadBed.target(store, "large")], bytes: 4097)
    _ = store.receiver.wait(for: 3)
    for file in spare { close(file) }
    _ = try await bed.lifecycle.cancel(bed.workspace, row: job)
    XCTAssertEqual(store.receiver.wait(for: 4).last?.method, "DELETE")
    let files = (0..<64).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
    bed.stop()
    XCTAssertEqual(files.filter { fcntl($0, F_GETFD) < 0 }, [])
    for file in files { close(file) }
  }

  func testAStoreThatHangs_HoldsUpNoOtherWorkspace() throws {
    let (bed, slow, quick) = (try makeBed(), try makeStore { _ in .hang }, try makeStore())
    try bed.start()
    let other = try bed.workspace(named: "other")
    for _ in 0..<(Uploader.mostOfWorkspace + 4) { _ = try bed.made([UploadBed.target(slow, "x")]) }
    _ = slow.receiver.wait(for: Uploader.mostOfWorkspace)
    let job = try bed.made([UploadBed.target(quick, "y")], of: other)
    XCTAssertEqual(try bed.ended(job).status, .completed)
    XCTAssertEqual(slow.receiver.requests.count, Uploader.mostOfWorkspace)
  }

  func testAStoreThatForgetsTheParts_GetsThemAgain() throws {
    for (status, code) in [(404, "NoSuchUpload"), (400, "InvalidPart")] {
      let forgot = Atomic(false)
      let (bed, store) = (
        try makeBed(),
        try makeStore { request in
          guard request.method == "POST", request.path.contains("uploadId="), !forgot.exchange(true, ordering: .relaxed)
          else { return nil }
          return ObjectStore.error(status, code)
        }
      )
      try bed.start()
      let job = try bed.made([UploadBed.target(store, "large")], bytes: 4097)
      XCTAssertEqual(try bed.ended(job).status, .completed)
      XCTAssertEqual(try bed.targets(job).map(\.status), [.completed], code)
    }
  }

  func testASuccessBelowWhichTheStoreSaysOtherwise_IsNone() throws {
    let lied = Atomic(false)
    let (bed, store) = (
      try makeBed(),
      try makeStore { request in
        guard request.method == "POST", request.path.contains("uploadId="), !lied.exchange(true, ordering: .relaxed)
        else { return nil }
        return .status(200, body: "<Error><Code>InternalError</Code></Error>")
      }
    )
    try bed.start()
    let job = try bed.made([UploadBed.target(store, "large")], bytes: 4097)
    XCTAssertEqual(try bed.ended(job).status, .completed)
    XCTAssertEqual(try bed.targets(job).map(\.status), [.completed])
    XCTAssertNotNil(store.objects["/pictures/large"])
  }

  /// A store that puts many parts together says 200 at once, and blanks until it has done so.
  func testAStoreThatSaysItSlowly_IsHeardOut() throws {
    let (bed, store) = (
      try makeBed(),
      try makeStore { request in
        guard request.method == "POST", request.path.contains("uploadId=") else { return nil }
        let blanks = String(repeating: " \n", count: 5000)
        return .status(200, body: "<?xml version=\"1.0\"?>\(blanks)<Result><ETag>\"all\"</ETag></Result>")
      }
    )
    try bed.start()
    let job = try bed.made([UploadBed.target(store, "large")], bytes: 4097)
    XCTAssertEqual(try bed.ended(job).status, .completed)
    XCTAssertEqual(try bed.targets(job).map(\.status), [.completed])
    XCTAssertEqual(store.receiver.requests.count, 7, "one that begins, five parts, and one that ends")
  }

  func testAStoreThatHasOtherBytesByItsOwnWords_HasNotGotIt() throws {
    let sum = Base64.encode([UInt8](repeating: 7, count: 32))
    let (bed, store) = (
      try makeBed(), try makeStore { _ in .status(200, headers: [("x-amz-checksum-sha256", sum)]) }
    )
    try bed.start(tries: 1)
    let job = try bed.made([UploadBed.target(store, "x")])
    XCTAssertEqual(try bed.ended(job).status, .completed)
    XCTAssertEqual(try bed.targets(job).first?.message, "could not be sent: the store did not say that it has it")
  }

  func testAnOutputThatCannotBeReadJustNow_WaitsInsteadOfFailing() throws {
    let (bed, store) = (try makeBed(), try makeStore())
    let (job, later) = (try bed.made([UploadBed.target(store, "x")]), try bed.made([UploadBed.target(store, "y")]))
    let path = bed.store.blobs.path(try XCTUnwrap(bed.store.read { try Outputs.all(job: job, in: $0).first?.blob }))
    // What is not gone and cannot be opened: its place holds a symbolic link for a while.
    XCTAssertEqual(rename(path, path + ".aside"), 0)
    XCTAssertEqual(symlink("/nonexistent", path), 0)
    try bed.start()
    XCTAssertEqual(try bed.ended(later).status, .completed)
    XCTAssertNotEqual(try bed.targets(job).map(\.status), [.failed])
    XCTAssertEqual(rename(path + ".aside", path), 0)
    XCTAssertEqual(try bed.ended(job).status, .completed)
    XCTAssertEqual(try bed.targets(job).map(\.status), [.completed])
  }
}
