import Basics
import Dialects
import Glibc
import HTTP
import Outbound
import Outbox
import Storage
import Synchronization

/// Sends a signed webhook to a receiver on this machine and looks whether it arrives whole, so that libcurl, the guard
/// of addresses and the signing ran once.
struct WebhookCheck {
  private static let timeLimit = Duration.seconds(5)
  private static let body = Array(#"{"event":"doctor"}"#.utf8)

  func finding() -> Finding {
    do {
      let start = Clock.readMonotonic()
      try send()
      return Finding(
        .ok, "webhooks", "a signed one arrived on this machine in \((Clock.readMonotonic() - start) / 1_000_000) ms")
    } catch {
      return Finding(.broken, "webhooks", "none arrives even on this machine: \(error)")
    }
  }

  private func send() throws {
    let received = Mutex<(body: [UInt8], signature: String?)?>(nil)
    let route = Route(.post, "/hook") { request in
      var body: [UInt8] = []
      while try await request.body.readChunk({ body += $0 }) {}
      received.withLock { $0 = (body, request.headers[HeaderName("webhook-signature")]) }
      return Response(.noContent)
    }
    let refuse: RouteGroup.Refuse = { _, _ in Response(.notFound) }
    let receiver = Server(
      router: Router(groups: [RouteGroup([route], refuse: refuse)], fallback: refuse), log: .silent,
      listen: [.tcp(address: "127.0.0.1", port: 0)])
    try receiver.start()
    defer { receiver.stop() }
    let port = receiver.ports.first ?? 0
    // Only this one, whatever the settings allow to customers.
    guard let loopback = Network.list("127.0.0.1/32"), let only = PortSet(String(port)) else {
      throw SystemFailure("bind", code: EADDRNOTAVAIL)
    }
    let client = try Client(AddressGuard(allowed: loopback, ports: only), connections: 1)
    let letter = Letter(
      eventID: "doctor", event: "doctor", requestID: nil, body: WebhookCheck.body,
      secrets: ["whsec_" + Base64.encode(Entropy.system.bytes(32))])
    let fields = WebhookStyle.standard.policy.fields(letter, at: Clock.system.now())
    let reply = client.reply(
      to: OutboundRequest(
        url: "http://127.0.0.1:\(port)/hook", headers: fields, body: WebhookCheck.body,
        timeLimit: WebhookCheck.timeLimit))
    if let failure = reply.failure { throw failure }
    let sent = fields.first { $0.name.lowercased() == "webhook-signature" }?.value
    guard let found = received.withLock({ $0 }), found.body == WebhookCheck.body, found.signature == sent, sent != nil
    else { throw SystemFailure("webhook", code: EPROTO) }
  }
}
