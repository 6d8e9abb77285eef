import Basics
import Glibc
package import Outbound

/// Fetches a file of exchange rates, for an operator who names its address and for the server that does so each day.
package struct RateFetcher: Sendable {
  private static let timeLimit = Duration.seconds(60)
  private static let mostRedirects = 5

  private let addresses: AddressGuard
  private let agent: String

  package init(addresses: AddressGuard, agent: String) {
    self.addresses = addresses
    self.agent = agent
  }

  /// The bytes at an address; it blocks, until `isStopping` says that nobody waits any more.
  ///
  /// Throws `Refusal.unreachedRates`, and `SystemFailure` when the file cannot be kept.
  package func fetch(_ url: String, isStopping: () -> Bool = { false }) throws -> [UInt8] {
    guard let client = try? Client(addresses, connections: 1) else {
      throw Refusal.unreachedRates("libcurl could not be loaded")
    }
    var url = url
    for _ in 0...RateFetcher.mostRedirects {
      guard WebhookAddress.problem(of: url) == nil else {
        throw Refusal.unreachedRates("it is no http:// or https:// address")
      }
      let file = try MemoryFile.make([])
      defer { close(file) }
      let reply = try RateFetcher.exchange(url, file, agent, client, isStopping)
      if let failure = reply.failure {
        throw Refusal.unreachedRates("\(failure)\(failure.detail.isEmpty ? "" : ", \(failure.detail)")")
      }
      if reply.status / 100 == 2 { return try RateFetcher.bytes(of: file, reply.stored) }
      guard reply.status / 100 == 3, let next = reply.redirect else {
        throw Refusal.unreachedRates("its server answered with status \(reply.status)")
      }
      url = next
    }
    throw Refusal.unreachedRates("it leads on more than \(RateFetcher.mostRedirects) times")
  }

  private static func exchange(
    _ url: String, _ file: Int32, _ agent: String, _ client: Client, _ isStopping: () -> Bool
  ) throws(Refusal) -> OutboundReply {
    let request = OutboundRequest(
      url: url,
      headers: [("User-Agent", agent), ("Accept", "application/xml, text/csv, application/zip, */*;q=0.1")],
      .download(Download(descriptor: file, mostBytes: Int64(RateDesk.mostBytes))), timeLimit: timeLimit)
    guard let reply = client.reply(to: request, while: { !isStopping() }) else { throw .stopping }
    return reply
  }

  private static func bytes(of file: Int32, _ count: Int64) throws(SystemFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(count))
    var filled = 0
    while filled < bytes.count {
      let read = try check("pread") {
        bytes.withUnsafeMutableBytes { buffer in
          pread(file, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(filled))
        }
      }
      if read == 0 { break }
      filled += read
    }
    return Array(bytes[..<filled])
  }
}
