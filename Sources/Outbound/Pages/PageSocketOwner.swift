/// Whoever a socket of the loop belongs to.
protocol PageSocketOwner: AnyObject {
  /// Goes on after one of its sockets has become ready.
  func advance()
}
