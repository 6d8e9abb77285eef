import Basics

/// One request whose end the calling thread waits for, on a client that has nothing else under way.
extension Client {
  /// How long a wait goes on before it is asked again whether anybody wants its end.
  private static let look = Duration.milliseconds(200)

  /// What came of a request.
  package func reply(to request: OutboundRequest) -> OutboundReply {
    start(request, tag: 0)
    return end()
  }

  /// What came of a mail.
  package func reply(to mail: OutboundMail) -> OutboundReply {
    start(mail, tag: 0)
    return end()
  }

  /// What came of a request; nil when nobody wanted it any more before it had ended, and it goes no further.
  package func reply(to request: OutboundRequest, while isWanted: () -> Bool) -> OutboundReply? {
    start(request, tag: 0)
    while isWanted() { if let ended = poll(longest: Client.look).first { return ended.reply } }
    cancel(tag: 0)
    return nil
  }

  private func end() -> OutboundReply {
    while true { if let ended = poll(longest: .seconds(1)).first { return ended.reply } }
  }
}
