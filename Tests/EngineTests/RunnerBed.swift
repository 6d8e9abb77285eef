import Basics
import Conversion
import Formats
import Storage
import TestSupport

@testable import Engine

/// A store with one job of one file that waits, and all that a runner needs to run it.
final class RunnerBed {
  let directory: TemporaryDirectory
  let store: Store
  let lifecycle: Lifecycle
  let measures = JobMeasures()
  let job: Int64
  /// The name of its file.
  let blob: String
  private let bells = LaneBells()

  init(to target: String = "jpg", _ bytes: [UInt8] = [1, 2, 3]) throws {
    directory = try TemporaryDirectory()
    let store = try Store(path: directory.path + "/data")
    self.store = store
    let blob = try store.blobs.place([directory.file("in", bytes)])[0]
    self.blob = blob
    job = try store.writeBlocking { database in
      let now = Timestamp(milliseconds: 1)
      let workspace = try Workspaces.insert(slug: "w", name: "w", plan: "enterprise", at: now, in: database)
      let job = try Jobs.insert(
        NewJob(
          workspaceID: workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: target,
          createdAt: now), in: database)
      let file = NewInput(fileName: "a.png", .file(blob: blob, size: Int64(bytes.count), sha256: nil))
      _ = try Inputs.insert(file, job: job, position: 0, in: database)
      try Usage.move(workspace, from: nil, to: .pending, in: database)
      try Queue.insert(workspace, job: job, at: now, in: database)
      return job
    }
    let room = Room(store: store, space: { DiskSpace(free: 1 << 40, total: 1 << 40) })
    lifecycle = Lifecycle(store: store, clock: .system, bootID: "boot-1", bells: bells, room: room)
  }

  deinit { store.close() }

  func runner(_ bench: any Bench) -> Runner {
    Runner(
      .quick, store: store, lifecycle: lifecycle,
      pool: WorkerPool(executable: "/nonexistent/wonder", workers: 1, log: .silent), benches: bench,
      catalogue: CatalogueSource(), workers: 1, timeLimit: .seconds(60), jobTime: .seconds(60), clock: .system,
      log: .silent, bells: bells, measures: measures)
  }

  func status() throws -> JobStatus? { try store.read { try Jobs.load(id: job, in: $0)?.status } }
}
