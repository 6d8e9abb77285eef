import Basics

/// One request, as a handler gets it.
package struct Request: Sendable {
  package let method: Method
  /// The target as it was sent.
  package let target: String
  /// The percent-decoded path, without the prefix of the server; no segment is a dot segment or holds a slash.
  package internal(set) var path: String
  package let query: [(name: String, value: String)]
  package internal(set) var headers: Headers
  package internal(set) var body: RequestBody
  /// Names this request in the answer, in logs and in messages to the client.
  package let id: String
  /// Who is on the other end of the connection.
  package let peer: Peer
  /// Who asks: the peer, or whom a trusted proxy names.
  package internal(set) var client: Peer
  /// "http", or "https" when a trusted proxy says so.
  package internal(set) var scheme = "http"
  /// The host and port the client asked for; the server's own for an HTTP/1.0 request without Host.
  package internal(set) var host: String
  /// The path below which the client sees this server, as a trusted proxy says or the server was told.
  package internal(set) var prefix = PathPrefix.none
  /// Who is signed in at a trusted proxy, as it says.
  package internal(set) var trustedUser: String?
  /// The path as a log may show it: without a token, which would let a reader of the log use the link.
  package internal(set) var loggedPath: String
  /// The path parameters by name, filled by the router.
  package internal(set) var parameters: [String: String] = [:]
  /// The pattern of the route that was found.
  package internal(set) var route: Route?
  /// The connection it came by.
  var socket: Socket?

  package init(
    _ method: Method, _ target: String, path: String? = nil, query: [(name: String, value: String)] = [],
    headers: Headers = Headers(), body: RequestBody = .none, id: String = "r0",
    peer: Peer = .address("127.0.0.1"), host: String = "localhost"
  ) {
    self.method = method
    self.target = target
    self.path = path ?? target
    loggedPath = self.path
    self.query = query
    self.headers = headers
    self.body = body
    self.id = id
    self.peer = peer
    client = peer
    self.host = host
  }

  /// Believes a trusted proxy about its client.
  mutating func take(_ fields: ForwardedFields, from peer: Peer, trusting proxies: TrustedProxies) {
    guard case .address(let text) = peer else { return }
    let origin = fields.origin(from: IPAddress(text), trusting: proxies)
    if let client = origin.client { self.client = .address(client.description) }
    if let scheme = origin.scheme { self.scheme = scheme }
    if let host = origin.host { self.host = host }
    if let prefix = fields.prefix { self.prefix = prefix }
  }

  /// Takes the field off in which a proxy names who is signed in; it is believed where it came from a trusted one, once.
  ///
  /// A proxy that adds its own to one of the client's has said nothing.
  mutating func takeUser(from field: [UInt8], isTrusted: Bool) {
    let values = headers.take(field)
    if isTrusted, values.count == 1 { trustedUser = values.first.flatMap { $0.isEmpty ? nil : $0 } }
  }

  /// Says that its sender is known, such as by a key: the connection is not closed to make room for another's.
  ///
  /// For handlers, on the executor that they are called on.
  package func vouch() { socket?.vouch() }

  /// The first value of a query parameter.
  package func queryValue(_ name: String) -> String? {
    query.first { $0.name == name }?.value
  }
}
