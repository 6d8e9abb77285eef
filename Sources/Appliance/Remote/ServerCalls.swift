import Basics
import Dashboard
import Glibc
import Outbound
import Synchronization

/// Calls of a node to its server, each of which blocks; one thread uses one value.
final class ServerCalls: Sendable {
  /// What a call came to that brought no answer of use.
  struct Trouble: Error, CustomStringConvertible {
    /// 0 for none.
    let status: Int
    let description: String

    /// Nobody waits for the order any more.
    var isGone: Bool { status == 410 }
    /// Trying again in a moment may do.
    var passes: Bool { status == 0 || status == 429 || status >= 500 }
  }

  private static let look = Duration.milliseconds(200)
  private static let timeLimit = Duration.seconds(60)
  /// For one file.
  private static let fileTime = Duration.seconds(3600)

  private let url: String
  private let headers: [(name: String, value: String)]
  private let addresses = AddressGuard.forOperators()
  private let isClosed = Atomic(false)

  init(url: String, token: String, agent: String) {
    self.url = url + NodeAPI.prefix
    headers = [
      ("Authorization", "Bearer \(token)"), ("User-Agent", agent), ("Content-Type", "application/json"),
      ("Accept", "application/json"),
    ]
  }

  /// Ends the calls that are under way, and those to come but the one that says goodbye.
  func close() { isClosed.store(true, ordering: .releasing) }

  /// Throws `LibraryFailure` without libcurl.
  func connect() throws -> Client { try Client(addresses, connections: 1) }

  /// Sends a document and gives the answer's; null where it has none.
  func post(_ path: String, _ document: JSONValue, by client: Client) throws(Trouble) -> JSONValue {
    var request = OutboundRequest(
      url: url + path, headers: headers, .post(Array(document.text.utf8)), timeLimit: ServerCalls.timeLimit)
    request.keepsWholeAnswer = true
    let reply = try exchange(request, client)
    return (try? JSONReader.parse(reply.preview)) ?? .null
  }

  func delete(_ path: String, by client: Client) throws(Trouble) {
    _ = try exchange(
      OutboundRequest(url: url + path, headers: headers, .delete, timeLimit: .seconds(5)), client, isLast: true)
  }

  /// Writes what is under a path into a file.
  func fetch(_ path: String, into file: Int32, by client: Client) throws(Trouble) {
    _ = try exchange(
      OutboundRequest(
        url: url + path, headers: headers, .download(Download(descriptor: file, mostBytes: .max)),
        timeLimit: ServerCalls.fileTime), client)
  }

  /// Puts a file under a path.
  func bring(_ file: Int32, bytes: Int64, to path: String, by client: Client) throws(Trouble) {
    _ = try exchange(
      OutboundRequest(
        url: url + path, headers: headers, .send(FilePart(descriptor: file, offset: 0, count: bytes)),
        timeLimit: ServerCalls.fileTime), client)
  }

  private func exchange(_ request: OutboundRequest, _ client: Client, isLast: Bool = false) throws(Trouble)
    -> OutboundReply
  {
    client.start(request, tag: 1)
    while true {
      guard let reply = client.poll(longest: ServerCalls.look).first?.reply else {
        guard isLast || !isClosed.load(ordering: .acquiring) else {
          client.cancel(tag: 1)
          throw Trouble(status: 0, description: "this machine stops")
        }
        continue
      }
      if let failure = reply.failure {
        throw Trouble(status: 0, description: "\(failure)\(failure.detail.isEmpty ? "" : ", \(failure.detail)")")
      }
      guard reply.status / 100 == 2 else {
        let message = (try? JSONReader.parse(reply.preview))?["message"]?.string
        throw Trouble(status: reply.status, description: message ?? "the server answered with status \(reply.status)")
      }
      return reply
    }
  }
}
