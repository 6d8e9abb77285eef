/// What the log says of one request.
struct AccessEntry {
  let method: Method
  let path: String
  let status: Int
  /// Bytes of the body.
  var bytes: Int64
  /// The client as far as proxies that are trusted name it.
  let client: Peer
  let request: String
  /// The number of the route that answered, or 0.
  let route: Int
  /// True for an event stream.
  let isStream: Bool
  /// Monotonic nanoseconds.
  let start: Int64
  var end: Int64

  init(_ request: Request, _ response: Response, start: Int64) {
    method = request.method
    path = request.loggedPath
    status = response.status.code
    bytes = response.length
    client = request.client
    self.request = request.id
    route = request.route?.number ?? 0
    isStream = if case .stream = response.body { true } else { false }
    self.start = start
    end = start
  }
}
