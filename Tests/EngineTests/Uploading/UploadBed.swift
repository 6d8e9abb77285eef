import Basics
import Conversion
import Formats
import Glibc
import Outbound
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Engine

/// Jobs whose outputs are sent to a real store, with pauses that no test has to wait for.
final class UploadBed: Sendable {
  let directory: TemporaryDirectory
  let store: Store
  let lifecycle: Lifecycle
  let workspace: Int64
  private let uploader = Mutex<Uploader?>(nil)

  init() throws {
    directory = try TemporaryDirectory()
    store = try Store(path: directory.path + "/data")
    workspace = try store.writeBlocking {
      try Workspaces.insert(slug: "w", name: "w", plan: "enterprise", at: Timestamp(milliseconds: 1), in: $0)
    }
    let ring = Ring()
    lifecycle = Lifecycle(store: store, clock: .system, bootID: "b", wakeUploads: { ring.call() })
    self.ring = ring
  }

  private final class Ring: Sendable {
    private let body = Mutex<@Sendable () -> Void>({})
    func call() { body.withLock(\.self)() }
    func set(_ new: @escaping @Sendable () -> Void) { body.withLock { $0 = new } }
  }

  private let ring: Ring

  /// Begins to send, as a process that starts does; `tries` is how often an output is tried again.
  func start(tries: Int = 3, timeLimit: Duration = .seconds(60), allowed: String = "127.0.0.0/8") throws {
    let addresses = AddressGuard(
      allowed: try XCTUnwrap(Network.list(allowed)), ports: try XCTUnwrap(PortSet("!22")))
    let client = try Client(addresses, connections: 16)
    _ = try lifecycle.recover()
    let uploader = Uploader(
      store: store, lifecycle: lifecycle, client: client, timeLimit: timeLimit, agent: "wonder/test",
      pauses: [Duration](repeating: .milliseconds(1), count: tries), sizes: UploadBed.sizes, clock: .system,
      log: .silent)
    ring.set { client.wake() }
    try uploader.start()
    self.uploader.withLock { $0 = uploader }
  }

  func stop() {
    let uploader = uploader.withLock { uploader in
      defer { uploader = nil }
      return uploader
    }
    uploader?.stop()
  }

  func close() {
    stop()
    store.close()
  }

  func workspace(named name: String) throws -> Int64 {
    try store.writeBlocking {
      try Workspaces.insert(slug: name, name: name, plan: "enterprise", at: Timestamp(milliseconds: 1), in: $0)
    }
  }

  /// Small, for what is tested is the order of things; real sizes are tried against a store of others.
  static let sizes = PartSizes(whole: 4096, part: 1024)

  static func target(_ store: ObjectStore, _ key: String, password: String = ObjectStore.password) -> NewTarget {
    NewTarget(
      task: nil, place: CloudPlace(s3: store.endpoint, region: nil, bucket: ObjectStore.bucket, key: key).text,
      credentials: CloudCredentials(user: ObjectStore.user, password: password).text)
  }

  /// A job that has just made one output of so many bytes.
  func made(_ targets: [NewTarget], bytes: Int = 1000, of workspace: Int64? = nil) throws -> Int64 {
    let workspace = workspace ?? self.workspace
    let job = try store.writeBlocking { database in
      let now = Timestamp(milliseconds: 0)
      let job = try Jobs.insert(
        NewJob(
          workspaceID: workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png",
          targetFormat: "jpg", createdAt: now), in: database)
      try Targets.insert(targets, job: job, in: database)
      try Queue.insert(workspace, job: job, at: now, in: database)
      try Usage.move(workspace, from: nil, to: .pending, in: database)
      return job
    }
    let taken = try XCTUnwrap(lifecycle.claim(after: 0))
    XCTAssertEqual(taken.job.id, job)
    let (path, file) = try store.spool.makeFile("made-\(job)", O_RDWR | O_EXCL)
    defer { Glibc.close(file) }
    try FileBytes.writeAll(UploadBed.bytes(bytes), to: file, named: path)
    let output = NewOutput(
      inputID: nil, fileName: "out.jpg", mediaType: "image/jpeg", size: Int64(bytes),
      sha256: SHA256.digest(UploadBed.bytes(bytes)), width: nil, height: nil)
    try store.blobs.place([path]) { blobs in
      _ = try lifecycle.complete(taken.claim, taken.job, outputs: [output], blobs: blobs, run: .seconds(1))
    }
    return job
  }

  static func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      for index in 0..<count { buffer[index] = UInt8(truncatingIfNeeded: index &* 31 &+ index >> 16) }
      filled = count
    }
  }

  func job(_ id: Int64) throws -> Job { try XCTUnwrap(store.read { try Jobs.load(id: id, in: $0) }) }
  func targets(_ id: Int64) throws -> [Target] { try store.read { try Targets.all(job(id), in: $0) } }
  func secrets() throws -> Int {
    try store.read { try $0.first("SELECT count(*) FROM secrets", row: { $0.int(0) }) ?? 0 }
  }

  /// Waits until a job has ended.
  @discardableResult
  func ended(_ id: Int64) throws -> Job {
    while true {
      let job = try job(id)
      if job.status.isFinal { return job }
      sched_yield()
    }
  }
}
