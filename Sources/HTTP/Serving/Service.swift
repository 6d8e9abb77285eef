import Basics

/// What the connections of one loop have in common.
///
/// `@unchecked Sendable`: the stock of random bytes is touched on the loop's thread only, the rest never changes.
final class Service: @unchecked Sendable {
  private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
  private static let stockSize = 4096

  let limits: ServerLimits
  let router: Router
  let log: Log
  let accessLog: Log?
  let proxies: TrustedProxies
  let traffic = TrafficShare()
  /// The share of this loop in all connections.
  let mostConnections: Int
  private let entropy: Entropy
  private var stock: [UInt8] = []

  init(
    limits: ServerLimits, router: Router, proxies: TrustedProxies, log: Log, accessLog: Log?, mostConnections: Int,
    entropy: Entropy
  ) {
    self.limits = limits
    self.router = router
    self.log = log
    self.accessLog = accessLog
    self.proxies = proxies
    self.mostConnections = mostConnections
    self.entropy = entropy
  }

  /// Writes the log line of a request.
  func note(_ entry: AccessEntry) {
    traffic.note(entry)
    accessLog?.info("request") { line in
      line.field("method", plain: entry.method.rawValue)
      line.field("path", entry.path)
      line.field("status", Int64(entry.status))
      line.field("bytes", entry.bytes)
      line.field("ms", (entry.end - entry.start) / 1_000_000)
      line.field("peer", plain: entry.client.description)
      line.field("request", plain: entry.request)
    }
  }

  /// "r" and 14 base32 digits: 70 random bits in a string that needs no allocation.
  func makeRequestID() -> String {
    if stock.count < 14 { stock = entropy.bytes(Service.stockSize) }
    return String(unsafeUninitializedCapacity: 15) { text in
      text[0] = 0x72
      for index in 1...14 { text[index] = Service.alphabet[Int(stock.removeLast() & 31)] }
      return 15
    }
  }
}
