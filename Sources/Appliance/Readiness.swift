import Basics
import Conversion
import Formats
import Glibc
import Storage
import Synchronization

/// Tells whether the service can take work: the database and the data directory can be written, there is room for
/// another job, and a worker runs.
///
/// A finding holds for a second, so that a flood of questions is one look at the disk.
final class Readiness: Sendable {
  private static let lifetime: Int64 = 1_000_000_000

  private let store: Store
  private let lookout: Lookout
  private let pool: WorkerPool
  private let blocking: Blocking
  private let clock: Clock
  private let found = Mutex<(problems: [String], until: Int64)>(([], .min))

  init(store: Store, lookout: Lookout, pool: WorkerPool, blocking: Blocking, clock: Clock) {
    self.store = store
    self.lookout = lookout
    self.pool = pool
    self.blocking = blocking
    self.clock = clock
  }

  /// What is wrong, in words for the operator; empty when the service is ready.
  @Sendable func problems() async -> [String] {
    let now = clock.monotonic()
    if let known = found.withLock({ $0.until > now ? $0.problems : nil }) { return known }
    var problems: [String] = []
    problems += await (try? blocking.run { [lookout] in lookout.look() }) ?? []
    do { try await store.write { _ in } } catch { problems.append("the database cannot be written") }
    let spool = store.spool
    do { try await blocking.run { try Readiness.tryFile(in: spool) } } catch {
      problems.append("the data directory cannot be written")
    }
    do {
      switch try await blocking.run({ [store] in try store.shortage() }) {
      case .disk?: problems.append("the disk has too little room for another job")
      case .queue?: problems.append("too many jobs wait")
      case nil: break
      }
    } catch StoreFailure.lost {
      // Told already.
    } catch { problems.append("the database cannot be read") }
    if await (try? blocking.run { [pool] in pool.canWork }) != true { problems.append("no worker process runs") }
    found.withLock { $0 = (problems, now + Readiness.lifetime) }
    return problems
  }

  /// Writes a block into a file that goes at once.
  private static func tryFile(in spool: Spool) throws {
    let (path, descriptor) = try spool.makeFile("ready", O_WRONLY)
    defer {
      close(descriptor)
      spool.remove(path)
    }
    let block = [UInt8](repeating: 0, count: 4096)
    _ = try check("write", path) { write(descriptor, block, block.count) }
  }
}
