import Basics
import Dashboard
import Engine
import Formats
import Glibc
import Outbound
import Storage

/// A server that is followed over HTTP, by its admin API and with the token that both have.
final class RemoteSource: StandbySource {
  /// For a copy of a large database to be made, and for one file.
  private static let patience = Duration.seconds(3600)
  private static let fileTime = Duration.seconds(86_400)
  /// For a look whether anybody answers.
  private static let knock = Duration.seconds(5)
  private static let mostAtOnce = 8

  private let base: String
  private let token: String
  private let identity: StandbyIdentity
  private let client: Client
  private let bell: Doorbell

  /// `url` was checked by `problem`; `bell` is closed to end what is under way.
  init(_ url: String, token: String, as identity: StandbyIdentity, bell: Doorbell) throws {
    base = String(url.reversed().drop { $0 == "/" }.reversed())
    self.token = token
    self.identity = identity
    self.bell = bell
    client = try Client(.forOperators(), connections: RemoteSource.mostAtOnce)
  }

  /// Why a URL cannot be followed, or nil; without encryption only this machine's own are, unless `allowsHTTP`.
  static func problem(_ url: String, allowsHTTP: Bool) -> String? {
    let address = WebAddress(url)
    guard WebhookAddress.problem(of: url) == nil, address.query == nil, address.fragment == nil,
      let host = address.normalised.host
    else { return "\(url) is no http:// or https:// address of a server" }
    let isNear = host == "localhost" || host.hasPrefix("127.") || host == "[::1]" || host == "::1"
    guard address.normalised.scheme == "https" || isNear || allowsHTTP else {
      return
        "\(url) is not encrypted, and the token, the secret key and all files would be read on the way; use https, or "
        + "--allow-http where the network itself is safe"
    }
    return nil
  }

  func ask(_ held: StandbyRecord.Held?) throws -> StandbyOffer? {
    let body = Array(StandbyOffer.report(identity, held).text.utf8)
    var request = request("/copies", .post(body), RemoteSource.patience, [("Content-Type", "application/json")])
    request.keepsWholeAnswer = true
    return try StandbyOffer(JSONReader.parse(good(exchange(request)).preview))
  }

  func key() throws -> [UInt8] { try good(exchange(request("/key", .ask, RemoteSource.patience))).preview }

  func database(_ offer: StandbyOffer, to path: String) throws {
    let descriptor = try open(path)
    defer { close(descriptor) }
    let download = Download(descriptor: descriptor, mostBytes: offer.bytes)
    _ = try good(exchange(request("/copies/\(offer.name)", .download(download), RemoteSource.fileTime)))
  }

  func files(
    _ wanted: [StandbyFile], into folder: String,
    arrived: (_ file: StandbyFile, _ path: String, _ sha256: [UInt8]?) throws -> Void
  ) throws -> Int {
    var rest = wanted[...]
    var running: [Int64: (file: StandbyFile, path: String, descriptor: Int32)] = [:]
    var (tag, gone): (Int64, Int) = (0, 0)
    defer {
      for (tag, one) in running {
        client.cancel(tag: tag)
        close(one.descriptor)
      }
    }
    while true {
      while running.count < RemoteSource.mostAtOnce, let file = rest.popFirst() {
        tag += 1
        let path = "\(folder)/\(file.blob)"
        let descriptor = try open(path)
        if file.isGrowing, file.size == 0 {
          // No range is empty, while bytes may be there that are not recorded yet.
          close(descriptor)
          try arrived(file, path, nil)
          continue
        }
        running[tag] = (file, path, descriptor)
        client.start(request(file, descriptor), tag: tag)
      }
      if running.isEmpty { return gone }
      guard !bell.isClosed else { throw AdminFailure(description: "stopped") }
      for ended in client.poll(longest: .milliseconds(200)) {
        guard let one = running.removeValue(forKey: ended.tag) else { continue }
        close(one.descriptor)
        if ended.reply.status == 404 {
          unlink(one.path)
          gone += 1
          continue
        }
        let reply = try good(ended.reply)
        // Where the row has no sum, the other side says it in the ETag.
        let sum = one.file.sha256 == nil ? reply.entityTag.flatMap(RemoteSource.digest) : nil
        try arrived(one.file, one.path, sum)
      }
    }
  }

  private func request(_ file: StandbyFile, _ descriptor: Int32) -> OutboundRequest {
    guard file.isGrowing, let size = file.size else {
      return request(
        "/files/\(file.blob)\(file.sha256 == nil ? "?sum=true" : "")",
        .download(Download(descriptor: descriptor, mostBytes: file.size ?? .max)), RemoteSource.fileTime)
    }
    // It has no sum, and is longer than its row says while a part of it comes.
    return request(
      "/files/\(file.blob)", .download(Download(descriptor: descriptor, mostBytes: size - file.offset)),
      RemoteSource.fileTime, [("Range", "bytes=\(file.offset)-\(size - 1)")])
  }

  private static func digest(_ tag: [UInt8]) -> [UInt8]? {
    let hex = String(decoding: tag, as: UTF8.self).split(separator: "\"", omittingEmptySubsequences: false)
    return hex.count == 3 ? Hexadecimal.decode(String(hex[1])) : nil
  }

  func end(_ offer: StandbyOffer, isHeld: Bool) {
    _ = try? exchange(request("/copies/\(offer.name)?held=\(isHeld)", .delete, RemoteSource.knock))
  }

  func answers() -> Bool {
    guard
      let reply = try? exchange(
        OutboundRequest(url: base + "/healthz", headers: [], .ask, timeLimit: RemoteSource.knock))
    else { return false }
    // A proxy in front answers with a 502 or 503 of its own when nobody is behind it.
    return (200..<500).contains(reply.status) || reply.failure?.kind == .tls
  }

  private func open(_ path: String) throws -> Int32 {
    try check("open", path) {
      Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
  }

  private func request(
    _ path: String, _ purpose: OutboundRequest.Purpose, _ timeLimit: Duration, _ more: [(String, String)] = []
  ) -> OutboundRequest {
    OutboundRequest(
      url: "\(base)\(AdminAPI.prefix)/standby\(path)",
      headers: [("User-Agent", "wonder/\(VersionCommand.version)"), ("Authorization", "Bearer \(token)")]
        + more.map { (name: $0.0, value: $0.1) }, purpose, timeLimit: timeLimit)
  }

  private func exchange(_ request: OutboundRequest) throws -> OutboundReply {
    guard let reply = client.reply(to: request, while: { !bell.isClosed }) else {
      throw AdminFailure(description: "stopped")
    }
    return reply
  }

  /// The reply, if it is what was asked for; throws `AdminFailure` in words otherwise.
  private func good(_ reply: OutboundReply) throws -> OutboundReply {
    if let failure = reply.failure {
      throw AdminFailure(description: "\(base): \(failure)\(failure.detail.isEmpty ? "" : ", \(failure.detail)")")
    }
    if reply.status / 100 == 2 { return reply }
    let words = (try? JSONReader.parse(reply.preview))?["message"]?.string
    throw AdminFailure(description: "\(base) answered with status \(reply.status)\(words.map { ": \($0)" } ?? "")")
  }
}
