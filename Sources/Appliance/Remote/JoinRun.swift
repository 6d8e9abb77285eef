import Basics
import Conversion
import Formats
import Glibc
import Outbound
import Synchronization

/// The work of `wonder join`: a thread for each order at once, and one that gives signs of life.
final class JoinRun: Sendable {
  private struct State {
    var threads: [ServiceThread] = []
    /// How far each order is, by its name; nil until its files are here.
    var percents: [String: Int?] = [:]
    var gone: Set<String> = []
    var shop: RemoteShop?
  }

  private static let sign = Duration.seconds(5)
  /// How often what is made is sent again when the server cannot be reached.
  private static let mostTries = 30

  private let server: ServerCalls
  private let jobs: Int
  private let log: Log
  private let state = Mutex(State())
  private let isStopping = Atomic(false)
  private let rest = Doorbell()

  init(_ server: ServerCalls, jobs: Int, log: Log) {
    self.server = server
    self.jobs = jobs
    self.log = log
  }

  func start() throws {
    for number in 0..<jobs {
      let client = try server.connect()
      let thread = try ServiceThread(trying: "order-\(number)") { [self] in serve(client) }
      state.withLock { $0.threads.append(thread) }
    }
    let client = try server.connect()
    let thread = try ServiceThread(trying: "signs") { [self] in beat(client) }
    state.withLock { $0.threads.append(thread) }
  }

  /// Takes nothing more, lets go of what it has, and tells the server so.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    server.close()
    rest.close()
    do { try server.delete("/claims", by: try server.connect()) } catch {
      log.warning("the server was not told of the end", ["reason": "\(error)"])
    }
    let (threads, shop) = state.withLock { ($0.threads, $0.shop) }
    shop?.cancel()
    for thread in threads { thread.join() }
    shop?.close()
  }

  private var stops: Bool { isStopping.load(ordering: .acquiring) }

  private func serve(_ client: Client) {
    var setback = Setback("the server gives no orders", log: log)
    while !stops {
      do throws(ServerCalls.Trouble) {
        let answer = try server.post(
          "/claims",
          .object([("version", .string(VersionCommand.version)), ("places", .integer(Int64(jobs)))]), by: client)
        setback.worked()
        let orders = (answer["orders"]?.array ?? []).compactMap { item -> (name: String, order: RemoteOrder)? in
          guard let name = item["name"]?.string, RemoteFolder.isName(name) else { return nil }
          return item["order"].flatMap(RemoteOrder.init).map { (name, $0) }
        }
        // All at once: the server takes back what it hears nothing of.
        state.withLock { state in
          for (name, _) in orders { state.percents.updateValue(nil, forKey: name) }
        }
        for (name, order) in orders {
          carryOut(order, name, client)
          state.withLock { state in
            state.percents.removeValue(forKey: name)
            _ = state.gone.remove(name)
          }
        }
      } catch {
        if stops { return }
        _ = rest.wait(timeout: setback.failed(error))
      }
    }
  }

  private func carryOut(_ order: RemoteOrder, _ name: String, _ client: Client) {
    do {
      let shop = try shop(for: order)
      let folder = RemoteFolder(path: "\(shop.path)/\(name)")
      defer { folder.remove() }
      try folder.make(order)
      for file in RemoteFolder.inputs(of: order) {
        let descriptor = try folder.create(file)
        defer { close(descriptor) }
        try server.fetch("/orders/\(name)/\(file)", into: descriptor, by: client)
      }
      tell(0, of: name)
      let result = shop.work.result(
        of: order, in: folder,
        watch: Watch(progress: { [self] in tell($0, of: name) }, isCanceled: { [self] in isGone(name) }))
      guard !isGone(name) else { return }
      if case .made = result.end {
        for file in folder.outputs { try bring(file, of: folder, name, client) }
      }
      try again { () throws(ServerCalls.Trouble) in
        _ = try server.post("/orders/\(name)/result", result.json, by: client)
      }
    } catch let trouble as ServerCalls.Trouble where trouble.isGone {
      log.info("nobody waits for an order any more", ["order": name])
    } catch {
      log.warning("an order came to nothing", ["order": name, "reason": "\(error)"])
    }
  }

  private func bring(_ file: String, of folder: RemoteFolder, _ name: String, _ client: Client) throws {
    let descriptor = try folder.open(file)
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw SystemFailure("fstat", file) }
    let bytes = Int64(facts.st_size)
    try again { () throws(ServerCalls.Trouble) in
      try server.bring(descriptor, bytes: bytes, to: "/orders/\(name)/\(file)", by: client)
    }
  }

  /// A server that starts anew is waited for: what is made is worth it.
  private func again(_ call: () throws(ServerCalls.Trouble) -> Void) throws {
    for _ in 1..<JoinRun.mostTries {
      do throws(ServerCalls.Trouble) { return try call() } catch {
        guard error.passes, !stops else { throw error }
        _ = rest.wait(timeout: Setback.shortest)
      }
    }
    try call()
  }

  /// One for all orders of the same settings; what the settings of a server were before is closed.
  private func shop(for order: RemoteOrder) throws -> RemoteShop {
    let (shop, old) = try state.withLock { state throws -> (RemoteShop, RemoteShop?) in
      if let shop = state.shop, shop.settings == order.settings { return (shop, nil) }
      let shop = try RemoteShop(order.settings, workers: jobs, residents: jobs)
      defer { state.shop = shop }
      return (shop, state.shop)
    }
    old?.close()
    return shop
  }

  private func tell(_ percent: Int, of name: String) { state.withLock { $0.percents[name] = percent } }

  private func isGone(_ name: String) -> Bool { stops || state.withLock { $0.gone.contains(name) } }

  /// Tells the server that this machine is there, and how far it is, and hears what nobody waits for any more.
  private func beat(_ client: Client) {
    while !rest.wait(timeout: JoinRun.sign), !stops {
      let orders = state.withLock { state in
        state.percents.map { name, percent in
          JSONValue.object([
            ("name", .string(name)), ("percent", percent.map { .integer(Int64($0)) } ?? .null),
          ])
        }
      }
      guard !orders.isEmpty,
        let answer = try? server.post("/signs", .object([("orders", .array(orders))]), by: client)
      else { continue }
      let gone = answer["gone"]?.array?.compactMap(\.string) ?? []
      state.withLock { state in state.gone.formUnion(gone.filter { state.percents.keys.contains($0) }) }
    }
  }
}
