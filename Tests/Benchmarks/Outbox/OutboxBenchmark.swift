import Basics
import Dialects
import Glibc
import Outbound
import Outbox
import Storage

/// Sends COUNT webhooks to one URL through the whole courier, signed and recorded.
///
/// Called as `outboxbench COUNT URL DIRECTORY [DEAD]`; with DEAD a tenth goes to that URL as well, and the time is that of the others.
@main
enum OutboxBenchmark {
  static func main() throws {
    let words = CommandLine.arguments
    guard (4...5).contains(words.count), let count = Int(words[1]), let networks = Network.list("127.0.0.0/8"),
      let ports = PortSet("!22")
    else {
      print("usage: outboxbench COUNT URL DIRECTORY [DEAD]")
      exit(2)
    }
    let store = try Store(path: words[3])
    try fill(store, count, words[2])
    if words.count == 5 { try fill(store, count / 10, words[4]) }
    let courier = try Courier(
      store: store, addresses: AddressGuard(allowed: networks, ports: ports),
      policies: DeliveryPolicies([WebhookStyle.wonder.policy]), clock: .system, log: .silent)
    let start = Clock.readMonotonic()
    let processor = clock()
    try courier.start()
    while try waiting(store, words[2]) { usleep(10_000) }
    let seconds = Double(Clock.readMonotonic() - start) / 1e9
    let microseconds = Double(clock() - processor) / Double(CLOCKS_PER_SEC) * 1e6 / Double(count)
    courier.stop(grace: .zero)
    store.close()
    print("courier: \(Int(Double(count) / seconds)) a second, \(Int(microseconds)) us of processor time each")
  }

  private static func waiting(_ store: Store, _ url: String) throws -> Bool {
    try store.read {
      try $0.first("SELECT 1 FROM deliveries WHERE state = 'waiting' AND url = ? LIMIT 1", url, row: { _ in true })
        ?? false
    }
  }

  private static func fill(_ store: Store, _ count: Int, _ url: String) throws {
    let now = Clock.system.now()
    let body = [UInt8]("{\"padding\":\"\(String(repeating: "x", count: 586))\"}".utf8)
    try store.writeBlocking { database in
      let workspace = try Workspaces.insert(slug: "bench-\(count)", name: "bench", plan: "pro", at: now, in: database)
      for number in 0..<count {
        try Deliveries.insert(
          NewDelivery(
            workspaceID: workspace, requestID: "req_\(number)", eventID: "evt_\(number)",
            event: "conversion.job.completed", style: .wonder, url: url, secret: "client_shared_secret", body: body),
          at: now, in: database)
      }
    }
  }
}
