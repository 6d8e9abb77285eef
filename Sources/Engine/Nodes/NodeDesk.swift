package import Basics
package import Conversion
import Glibc
package import Storage
import Synchronization

/// Machines that come for orders: who they are, what each has, and what becomes of it.
///
/// Its leases are files beside the orders, so that a server that starts anew finds what its nodes have.
package final class NodeDesk: Sendable {
  /// So long without a sign a node is gone, and what it has is lost; so is an order of which its node says nothing any more.
  package static let silence = Duration.seconds(30)
  /// How long a node that has nothing to do waits for an answer.
  private static let longestWait = Duration.seconds(20)
  /// Short orders that a node gets at once.
  private static let bundle = 4
  private static let longestName = 63
  private static let prefix = "wn_"

  private struct State {
    /// By the names of the folders, with the node that has each and when it last said so, in monotonic nanoseconds.
    var held: [String: (assignment: Assignment, node: String, heard: Int64)] = [:]
    /// When each node was last heard, in monotonic nanoseconds.
    var heard: [String: Int64] = [:]
  }

  /// One order as it goes to a node.
  package struct Given: Sendable {
    package let name: String
    package let order: JSONValue
  }

  private let store: Store
  private let line: AssignmentLine
  private let version: String
  private let clock: Clock
  private let entropy: Entropy
  private let state = Mutex(State())
  private let isClosed = Atomic(false)

  /// `left` are orders that nodes had from an earlier run.
  package init(
    store: Store, line: AssignmentLine, version: String, left: [(assignment: Assignment, node: String)], clock: Clock,
    entropy: Entropy
  ) {
    self.store = store
    self.line = line
    self.version = version
    self.clock = clock
    self.entropy = entropy
    let now = clock.monotonic()
    state.withLock { state in
      for (assignment, node) in left {
        state.held[assignment.folder.name] = (assignment, node, now)
        state.heard[node] = now
      }
    }
  }

  /// Makes a node with its token, which is shown this once; throws a `Refusal`.
  package func add(_ name: String, by actor: Actor) async throws -> String {
    let isSound =
      (1...NodeDesk.longestName).contains(name.utf8.count)
      && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E }
    guard isSound, name != Launcher.name else {
      throw Refusal.invalidFields.naming([
        .init("name", "must be 1 to \(NodeDesk.longestName) of a-z, 0-9, - and ., and not \"\(Launcher.name)\"")
      ])
    }
    let key = KeyMaker.makeKey(prefix: NodeDesk.prefix, entropy)
    let now = clock.now()
    try await store.write { database in
      guard try Nodes.find(name: name, in: database) == nil else { throw Refusal.nodeExists }
      try Nodes.insert(name, hash: key.hash, at: now, in: database)
      try actor.record("node.add", name, at: now, in: database)
    }
    return key.text
  }

  /// What it has is lost at once.
  package func remove(_ name: String, by actor: Actor) async throws {
    let now = clock.now()
    try await store.write { database in
      guard try Nodes.delete(name, in: database) else { throw Refusal.unknownNode }
      try actor.record("node.remove", name, at: now, in: database)
    }
    lose(name, "the node was removed")
  }

  package func all() throws -> [Nodes.Node] { try store.read { try Nodes.all(in: $0) } }

  /// The places of a node while it is heard; nil while it is not.
  package func places(of name: String) -> Int? { line.takers[name] }

  /// The node whose token it is; throws a `Refusal`.
  package func admit(_ token: String?) throws -> String {
    guard let token, let node = try store.read({ try Nodes.find(hash: KeyMaker.hash(token), in: $0) }) else {
      throw Refusal.unknownToken
    }
    return node.name
  }

  /// Gives a node what it is to do, when there is something before it has waited for long.
  ///
  /// `places` is how much it does at once. Throws a `Refusal`.
  package func claim(_ node: String, places: Int, version theirs: String) async throws -> [Given] {
    guard theirs == version else { throw Refusal.otherVersion(theirs, here: version) }
    hear(node)
    line.offer(min(256, max(1, places)), by: node)
    let end = clock.monotonic() + NodeDesk.longestWait.nanoseconds
    while true {
      let news = OneShot()
      line.tell(news)
      defer { line.forget(news) }
      let taken = line.take(by: node, most: NodeDesk.bundle)
      if !taken.isEmpty { return hand(taken, to: node) }
      let left = end - clock.monotonic()
      guard left > 0, !isClosed.load(ordering: .acquiring) else { return [] }
      await news.wait(longest: .nanoseconds(left))
      // It has left meanwhile.
      guard state.withLock({ $0.heard[node] != nil }) else { return [] }
      hear(node)
    }
  }

  private func hand(_ taken: [Assignment], to node: String) -> [Given] {
    taken.compactMap { assignment in
      guard let text = assignment.folder.orderText, let order = try? JSONReader.parse(text),
        (try? assignment.folder.hold(by: node)) != nil
      else {
        assignment.lose("the order cannot be read")
        return nil
      }
      state.withLock { $0.held[assignment.folder.name] = (assignment, node, clock.monotonic()) }
      return Given(name: assignment.folder.name, order: order)
    }
  }

  /// The order that a node has; throws `Refusal.orderGone` where nobody waits for it any more.
  package func order(_ name: String, of node: String) throws -> Assignment {
    hear(node)
    guard let (assignment, holder, _) = state.withLock({ $0.held[name] }), holder == node, !assignment.hasEnded,
      !assignment.isCanceled
    else {
      state.withLock { if $0.held[name]?.node == node { $0.held[name] = nil } }
      throw Refusal.orderGone
    }
    state.withLock { $0.held[name]?.heard = clock.monotonic() }
    return assignment
  }

  /// A file of an order, for reading; throws a `Refusal`.
  package func open(_ file: String, ofOrder name: String, for node: String) throws -> Int32 {
    let assignment = try order(name, of: node)
    guard RemoteFolder.isFile(file, output: false, of: assignment.order) else { throw Refusal.unknownFile }
    // From when it fetches what it needs, a node is at work.
    assignment.begin(on: node)
    return try assignment.folder.open(file)
  }

  /// A new output of an order; throws a `Refusal`.
  package func create(_ file: String, ofOrder name: String, for node: String) throws -> NodeOutput {
    let assignment = try order(name, of: node)
    guard RemoteFolder.isFile(file, output: true, of: assignment.order) else { throw Refusal.unknownFile }
    return NodeOutput(
      descriptor: try assignment.folder.create(file), most: min(assignment.order.mostBytes, .max - 1))
  }

  /// Takes a sign of life with how far each order is; gives those that nobody waits for any more.
  package func tell(_ percents: [(name: String, percent: Int?)], of node: String) -> [String] {
    hear(node)
    return percents.compactMap { name, percent in
      guard let assignment = try? order(name, of: node) else { return name }
      if let percent {
        assignment.begin(on: node)
        assignment.tell(percent)
      }
      return nil
    }
  }

  /// Takes the result of an order, whose outputs have come before; throws a `Refusal`.
  package func end(_ name: String, _ document: JSONValue, of node: String) throws {
    let assignment = try order(name, of: node)
    guard let result = RemoteResult(document), result.lease == assignment.order.lease else { throw Refusal.badJSON }
    assignment.begin(on: node)
    if case .refused = result.end { assignment.avoid(node) }
    do throws(SystemFailure) {
      try assignment.folder.end(result.on(node))
    } catch {
      if error.code == ECANCELED { throw Refusal.orderGone }
      throw error
    }
    assignment.end(on: node)
    state.withLock { _ = $0.held.removeValue(forKey: name) }
  }

  /// A node stops, and what it has is done by others.
  package func leave(_ node: String) { lose(node, "the node \(node) was stopped") }

  /// Answers who waits for an order, for the server stops.
  package func close() {
    isClosed.store(true, ordering: .releasing)
    line.wake()
  }

  /// Takes from nodes that have not been heard for long what they have.
  package func sweep() {
    let latest = clock.monotonic() - NodeDesk.silence.nanoseconds
    let silent = state.withLock { state in state.heard.filter { $0.value < latest }.map(\.key) }
    for node in silent { lose(node, "no sign of life from \(node) for \(NodeDesk.silence.milliseconds / 1000) s") }
    // One that never came to its node, or that came to nothing there, while the node goes on with others.
    let forgotten = state.withLock { state in
      let forgotten = state.held.filter { $0.value.heard < latest }
      for name in forgotten.keys { state.held[name] = nil }
      return forgotten.values
    }
    for one in forgotten { lose(one.assignment, of: one.node, "\(one.node) says nothing of it any more") }
  }

  private func lose(_ node: String, _ reason: String) {
    line.offer(nil, by: node)
    let lost = state.withLock { state in
      state.heard[node] = nil
      let lost = state.held.filter { $0.value.node == node }
      for name in lost.keys { state.held[name] = nil }
      return lost.values.map(\.assignment)
    }
    line.wake()
    for assignment in lost { lose(assignment, of: node, reason) }
  }

  private func lose(_ assignment: Assignment, of node: String, _ reason: String) {
    guard !assignment.hasEnded else { return }
    assignment.lose(reason)
    line.figures.lost(node, reason)
  }

  private func hear(_ node: String) { state.withLock { $0.heard[node] = clock.monotonic() } }
}
