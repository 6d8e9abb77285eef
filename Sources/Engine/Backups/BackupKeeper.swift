package import Basics
import Glibc
package import Outbound
package import Storage

/// Makes backups when they are due, beside all other work, and removes old ones once a newer one is whole.
///
/// What was made is in the database, so that a start knows what it has missed. Only files of such rows are ever removed, and
/// each name has this server in it, for another one may be given the same place.
package final class BackupKeeper: Sendable {
  static let period = Duration.seconds(60)

  /// Why one was not made.
  struct Failure: Error, CustomStringConvertible {
    let description: String
    /// Of what was written all the same.
    var bytes: Int64 = 0
  }

  /// What lacks files that jobs name has one name, so that there is one of it at most.
  var incomplete: String { "wonder-\(own).tar.incomplete" }

  /// Which server this is.
  let own: String
  private let store: Store
  private let plan: BackupPlan
  private let sender: ObjectSender?
  private let clock: Clock
  private let log: Log
  private let bell = Doorbell()

  /// `client` is its own, for places that are no folder; `host` tells this machine from others.
  package init(
    store: Store, plan: BackupPlan, client: Client, agent: String, host: String, clock: Clock, log: Log
  ) {
    own = Hexadecimal.encode(SHA256.digest(Array("\(host) \(store.directory.path)".utf8)).prefix(4))
    self.store = store
    self.plan = plan
    self.clock = clock
    self.log = log
    if case .bucket(let place, let credentials) = plan.target {
      sender = ObjectSender(
        client: client, place: place, credentials: credentials, agent: agent, clock: clock, bell: bell)
    } else {
      sender = nil
    }
  }

  /// Keeps the schedule until `stop` is called; runs on a thread of its caller.
  package func serve() {
    ServiceThread.yieldToOthers()
    var setback = Setback("a backup by the schedule failed", log: log)
    while !bell.isClosed && !store.hasStoppedWriting {
      do {
        if try round() { setback.worked() }
      } catch {
        if !bell.isClosed { _ = setback.failed(error) }
      }
      _ = bell.wait(timeout: BackupKeeper.period)
    }
  }

  /// Leaves what is under way; it is made at the next start.
  package func stop() { bell.close() }

  /// Makes one if it is due; true then.
  ///
  /// Throws what came in between, which is recorded, unless the server is being stopped.
  package func round() throws -> Bool {
    let now = clock.now()
    let made = try store.read { try Backups.all(in: $0) }
    guard let due = plan.next(after: made, now: now), due <= now else { return false }
    let start = clock.monotonic()
    let name = "wonder-\("\(now)".prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" })Z-\(own).tar"
    do {
      let bytes = try make(name, at: now)
      let duration = Duration.nanoseconds(clock.monotonic() - start)
      try record(at: now, duration, name, bytes, nil)
      log.notice(
        "backup made", ["to": plan.place, "name": name, "bytes": "\(bytes)", "ms": "\(duration.milliseconds)"])
    } catch {
      guard !bell.isClosed else { throw error }
      let bytes = (error as? Failure)?.bytes ?? 0
      try? record(at: now, .nanoseconds(clock.monotonic() - start), name, bytes, BackupKeeper.words(error))
      throw error
    }
    try removeOld()
    return true
  }

  private static func words(_ error: any Error) -> String {
    (error as? CloudTrouble)?.detail ?? "\(error)"
  }

  private func record(at now: Timestamp, _ duration: Duration, _ name: String, _ bytes: Int64, _ error: String?) throws
  {
    let place = plan.place
    try store.writeBlocking { database in
      try Backups.insert(
        at: now, taking: duration, place: place, name: name, bytes: bytes, error: error, in: database)
    }
    store.changes.note(nil)
  }

  /// Makes a whole one and gives its bytes.
  private func make(_ name: String, at now: Timestamp) throws -> Int64 {
    let snapshot = try store.makeSnapshot(at: now)
    let folder = snapshot.path.split(separator: "/").last.map(String.init) ?? ""
    defer { _ = try? store.removeSnapshot(folder) }
    let isWhole = snapshot.missing.isEmpty
    let bytes = try put(snapshot, as: isWhole ? name : incomplete, at: now)
    guard isWhole else {
      throw Failure(
        description: "\(snapshot.missing.count) files that jobs name were not there, so there is only "
          + "\(incomplete); `wonder admin check` lists them", bytes: bytes)
    }
    return bytes
  }

  private func put(_ snapshot: Snapshot, as name: String, at now: Timestamp) throws -> Int64 {
    switch plan.target {
    case .folder(let path):
      try mustHaveRoom(path, for: snapshot)
      return try write(snapshot, to: path + "/" + name, at: now)
    case .bucket(let place, _):
      // It goes in one piece or in parts that are signed by their sum, and so from a file.
      try mustHaveRoom(store.spool.path, for: snapshot)
      let path = snapshot.path + ".tar"
      defer { unlink(path) }
      let bytes = try write(snapshot, to: path, at: now)
      try sender?.send(path, as: place.path + name)
      return bytes
    }
  }

  private func write(_ snapshot: Snapshot, to path: String, at now: Timestamp) throws -> Int64 {
    // One that a loss of power has cut off is under the same name, and goes then.
    let aside = FileBytes.directory(of: path) + "/wonder-\(own).part"
    try BackupFile.write(snapshot, to: path, aside: aside, at: now) { [bell] _, _ in
      if bell.isClosed { throw Failure(description: "the server is being stopped") }
    }
    return try FileBytes.size(path)
  }

  /// A backup must not take the room in which jobs are done.
  private func mustHaveRoom(_ path: String, for snapshot: Snapshot) throws {
    guard let space = DiskSpace(at: path) else { throw SystemFailure("statvfs", path) }
    guard space.free - snapshot.header.bytes > space.leastFree else {
      throw Failure(
        description: "\(path) has \(space.free) bytes free, too few for a backup of \(snapshot.header.bytes) and "
          + "\(space.leastFree) that are to stay free")
    }
  }

  /// Removes what is older than those that are kept; what cannot be removed is tried again after the next one.
  private func removeOld() throws {
    let good = try store.read { try Backups.all(in: $0) }.filter { $0.error == nil && $0.place == plan.place }
    for old in good.dropFirst(plan.keep) {
      do {
        switch plan.target {
        case .folder(let path): try FileTree.remove(path + "/" + old.name)
        case .bucket(let place, _): try sender?.remove(place.path + old.name)
        }
      } catch {
        log.warning("an old backup cannot be removed", ["name": old.name, "error": BackupKeeper.words(error)])
        continue
      }
      try store.writeBlocking { try Backups.delete(old.id, in: $0) }
    }
  }
}
