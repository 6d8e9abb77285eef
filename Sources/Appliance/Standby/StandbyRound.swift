import Basics
import Storage

/// One look at the first server: what has changed since is fetched and put in force, whole or not at all.
struct StandbyRound {
  /// What one look has brought.
  struct Outcome {
    var isNew = false
    var files = 0
    var bytes: Int64 = 0
    /// How long the first server took to answer, which is the time of its copy.
    var copying = Duration.zero
  }

  /// Files that were fetched are put in place together when they are so many, or have so many bytes.
  private static let mostTogether = 64
  private static let mostBytesTogether: Int64 = 64 << 20

  let source: any StandbySource
  let directory: StandbyDirectory
  let clock: Clock
  /// What the first server's start was called when its key was compared.
  var boot = ""

  /// Throws what came in between; what was in force is in force still.
  mutating func run() throws -> Outcome {
    try directory.clear()
    var outcome = Outcome()
    let (asked, start) = (clock.now(), clock.monotonic())
    let offer = try source.ask(directory.record.held)
    outcome.copying = .nanoseconds(clock.monotonic() - start)
    guard let offer else {
      try directory.stillHolds(asOf: asked)
      return outcome
    }
    do {
      try take(offer, asked, &outcome)
    } catch {
      source.end(offer, isHeld: false)
      throw error
    }
    source.end(offer, isHeld: true)
    return outcome
  }

  private mutating func take(_ offer: StandbyOffer, _ asked: Timestamp, _ outcome: inout Outcome) throws {
    guard offer.schema <= Store.newestSchema else {
      throw StandbyFailure.newerSchema(found: offer.schema, known: Store.newestSchema, version: offer.version)
    }
    if boot != offer.boot || !directory.hasKey {
      try directory.take(key: source.key())
      boot = offer.boot
    }
    if directory.record.held?.sha256 != offer.sha256 {
      try source.database(offer, to: directory.nextPath)
      try directory.checkNext(sha256: offer.sha256)
      outcome.isNew = true
    }
    try fetch(directory.missing(), &outcome)
    try directory.putInForce(
      StandbyRecord.Held(
        mark: offer.mark, asOf: asked, takenAt: offer.takenAt, schema: offer.schema, sha256: offer.sha256,
        databaseBytes: offer.bytes))
  }

  private func fetch(_ missing: [StandbyFile], _ outcome: inout Outcome) throws {
    guard !missing.isEmpty else { return }
    var waiting: [(file: StandbyFile, path: String)] = []
    var (count, bytes, together): (Int, Int64, Int64) = (0, 0, 0)
    let gone = try source.files(missing, into: directory.spoolPath) { file, path, sha256 in
      try directory.compare(file, at: path, sha256: sha256)
      let size = try FileBytes.size(path)
      waiting.append((file, path))
      (count, bytes, together) = (count + 1, bytes + size, together + size)
      guard waiting.count >= StandbyRound.mostTogether || together >= StandbyRound.mostBytesTogether else { return }
      try directory.place(waiting)
      (waiting, together) = ([], 0)
    }
    try directory.place(waiting)
    (outcome.files, outcome.bytes) = (count, bytes)
    guard gone == 0 else { throw StandbyFailure.gone(gone) }
  }
}
