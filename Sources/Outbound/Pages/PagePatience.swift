/// How long the proxy waits for what may never come.
struct PagePatience: Sendable {
  /// For a name.
  let look: Duration
  /// For a connection to one address.
  let connect: Duration
  /// For any byte of a connection.
  let idle: Duration
  /// For the page to take the last answer of a connection and to go.
  let linger: Duration

  init(
    look: Duration = .seconds(10), connect: Duration = .seconds(10), idle: Duration = .seconds(60),
    linger: Duration = .seconds(5)
  ) {
    self.look = look
    self.connect = connect
    self.idle = idle
    self.linger = linger
  }
}
