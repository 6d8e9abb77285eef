package import Basics
package import Formats
import Glibc
import Synchronization

/// Has steps made elsewhere where there are machines for them, and here where not: a machine that is lost costs the order
/// another try, never the job.
package final class RemoteBench: Bench {
  /// So often an order is tried elsewhere before it is made here.
  private static let mostTries = 3
  /// How often somebody who waits looks whether the job is still wanted.
  private static let look = Duration.milliseconds(100)
  /// How long an order may wait for somebody to take it.
  private static let patience = Duration.seconds(60)
  /// How much longer than it may an order is waited for.
  private static let spare = Duration.seconds(30)

  private let local: any Bench
  package let line: AssignmentLine
  private let lanes: Set<Lane>
  private let places: LocalPlaces
  /// Where folders are made.
  private let place: String
  private let version: String
  private let settings: [String: String]
  private let log: Log
  private let entropy: Entropy
  private let clock: Clock
  private let expectation = Expectation()
  private let isClosed = Atomic(false)

  /// `place` is a folder that exists; `settings` are what a bench goes by, which goes along.
  package init(
    local: any Bench, line: AssignmentLine, lanes: Set<Lane>, places: LocalPlaces, place: String, version: String,
    settings: [String: String], log: Log, clock: Clock = .system, entropy: Entropy = .system
  ) {
    self.local = local
    self.line = line
    self.lanes = lanes
    self.places = places
    self.place = place
    self.version = version
    self.settings = settings
    self.log = log
    self.clock = clock
    self.entropy = entropy
  }

  package func close() {
    detach()
    local.close()
  }

  /// Waits for nothing elsewhere any more: what is there goes on, and is found by the next run of the server.
  package func detach() { isClosed.store(true, ordering: .releasing) }

  package func make(_ order: Order, watch: Watch) throws(ConversionFailure) -> [MadeFile] {
    let lane = order.step.maker.lane
    guard lanes.contains(lane) else { return try local.make(order, watch: watch) }
    var avoided: Set<String> = []
    if line.hasLeft, let remote = try? remote(order), let left = line.find(remote) {
      if let made = try finish(left, order, watch) { return made }
      avoided = left.avoided
    }
    let isShort = expectation.isShort(order)
    for _ in 0..<RemoteBench.mostTries {
      guard try goes(lane, isShort: isShort, watch) else { return try makeHere(order, watch) }
      defer { line.give() }
      if let made = try send(order, isShort: isShort, &avoided, watch) { return made }
    }
    log.warning("a step is made here, for it was lost elsewhere again and again", ["maker": order.step.maker.name])
    while !places.take(lane) { try pause(watch) }
    return try makeHere(order, watch)
  }

  /// With a place that was taken.
  private func makeHere(_ order: Order, _ watch: Watch) throws(ConversionFailure) -> [MadeFile] {
    defer {
      places.give(order.step.maker.lane)
      line.freed.ring()
    }
    let start = clock.monotonic()
    let made = try local.make(order, watch: watch)
    expectation.learn(order, took: .nanoseconds(clock.monotonic() - start))
    return made
  }

  /// Waits for a place: true for one elsewhere, false for one here.
  ///
  /// What is short stays here while it can.
  private func goes(_ lane: Lane, isShort: Bool, _ watch: Watch) throws(ConversionFailure) -> Bool {
    let start = clock.monotonic()
    defer { watch.waited(.nanoseconds(clock.monotonic() - start)) }
    while true {
      if isShort, places.take(lane) { return false }
      if line.speak(isShort: isShort) { return true }
      if places.take(lane) { return false }
      try pause(watch)
    }
  }

  private func pause(_ watch: Watch) throws(ConversionFailure) {
    if watch.isCanceled() || isClosed.load(ordering: .acquiring) { throw .canceled }
    _ = line.freed.wait(timeout: RemoteBench.look)
  }

  /// The order with a lease of its own.
  private func remote(_ order: Order) throws(ConversionFailure) -> RemoteOrder {
    let lease = Hexadecimal.encode(entropy.bytes(16))
    guard let remote = RemoteOrder(order, version: version, lease: lease, settings: settings) else {
      throw ConversionFailure(.internalError, "this step is none of its maker's")
    }
    return remote
  }

  /// Nil where it was lost; `avoided` are those who could not do it, to whom the next try does not go.
  private func send(
    _ order: Order, isShort: Bool, _ avoided: inout Set<String>, _ watch: Watch
  ) throws(ConversionFailure) -> [MadeFile]? {
    let name = Hexadecimal.encode(entropy.bytes(12))
    let remote = try remote(order)
    let folder = RemoteFolder(path: "\(place)/\(RemoteFolder.prefix)\(name)")
    do throws(SystemFailure) {
      try folder.fill(remote, order.files)
    } catch {
      // Trouble with the folder costs the order another try, and is none of the job.
      folder.remove()
      log.warning("an order cannot be put into its folder", ["maker": order.step.maker.name, "error": "\(error)"])
      return nil
    }
    let assignment = Assignment(folder, remote, isShort: isShort, avoided: avoided)
    defer { avoided = assignment.avoided }
    line.put(assignment)
    return try finish(assignment, order, watch)
  }

  /// Waits for the end of what was sent, now or by an earlier run; nil where it was lost.
  private func finish(
    _ assignment: Assignment, _ order: Order, _ watch: Watch
  ) throws(ConversionFailure) -> [MadeFile]? {
    var isLeft = false
    defer { if !isLeft { assignment.folder.remove() } }
    var percent = 0
    while true {
      switch assignment.stage {
      case .ended(let host):
        watch.waited(assignment.waited)
        guard let result = assignment.folder.result else {
          line.figures.lost(host, "it said that it had ended, and left no result")
          return nil
        }
        return try take(result, assignment, order)
      case .lost(let reason):
        watch.waited(assignment.waited)
        log.notice("an order was lost elsewhere", ["maker": order.step.maker.name, "reason": reason])
        return nil
      case .waiting, .taken, .begun: break
      }
      if watch.isCanceled() {
        assignment.cancel()
        throw .canceled
      }
      if isClosed.load(ordering: .acquiring) {
        isLeft = order.key != nil && assignment.stage != .waiting
        if !isLeft { assignment.cancel() }
        throw .canceled
      }
      // Whoever had a place for it is gone.
      if assignment.stage == .waiting, assignment.waited > RemoteBench.patience {
        line.withdraw(assignment)
        assignment.lose("nobody has come for it")
        continue
      }
      if assignment.isOverdue(by: RemoteBench.spare) {
        assignment.cancel()
        throw ConversionFailure(.timeLimit, "the conversion took longer than it may")
      }
      if assignment.percent > percent {
        percent = assignment.percent
        watch.progress(percent)
      }
      assignment.wait(RemoteBench.look)
    }
  }

  /// Copies what was made into the order's files, after a look at whether it is that; nil where it is not, or where the
  /// machine could not do it.
  private func take(
    _ result: RemoteResult, _ assignment: Assignment, _ order: Order
  ) throws(ConversionFailure) -> [MadeFile]? {
    let host = result.host
    switch result.end {
    case .failed(let failure):
      line.figures.done(host, took: assignment.run ?? .zero)
      throw failure
    case .refused(let reason):
      line.figures.refused(host, reason)
      log.warning("a machine elsewhere cannot do its part", ["host": host, "reason": reason])
      return nil
    case .made(let pieces):
      var left = order.mostBytes
      var made: [MadeFile] = []
      for piece in pieces {
        guard piece.outcome.size <= left else { throw .overLimit }
        left -= piece.outcome.size
        let output = made.isEmpty ? order.files.output : try order.another()
        guard try copy(assignment.folder, piece, to: output) else {
          line.figures.lost(host, "what it made is not what it said")
          return nil
        }
        made.append(
          MadeFile(descriptor: output, outcome: piece.outcome, label: piece.label, part: piece.part))
      }
      let run = assignment.run ?? .zero
      line.figures.done(host, took: run)
      expectation.learn(order, took: run)
      return made
    }
  }

  /// False where the file is not the one that the result tells of.
  private func copy(
    _ folder: RemoteFolder, _ piece: RemoteResult.Piece, to output: Int32
  ) throws(ConversionFailure) -> Bool {
    guard let file = try? folder.open(RemoteFolder.Name.output(piece.file)) else { return false }
    let outcome = piece.outcome
    defer { Glibc.close(file) }
    do throws(SystemFailure) {
      try check("ftruncate", "output") { ftruncate(output, 0) }
      lseek(output, 0, SEEK_SET)
      guard try JobFolder.copy(file, to: output, atMost: outcome.size + 1) == outcome.size else { return false }
      return try SHA256.digest(ofFile: output, named: "output") == outcome.sha256
    } catch {
      throw ConversionFailure(error)
    }
  }
}
