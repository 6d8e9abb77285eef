package import Basics
import Outbound

/// Tries what opens a place by asking for a list of what is in it.
package struct StorageTrial: Sendable {
  private static let timeLimit = Duration.seconds(20)
  private static let pause = Duration.milliseconds(20)
  private static let prefix = "could not be fetched: "

  /// What came of it.
  package struct Finding: Sendable {
    /// The reason as a job's would be called; nil when the place can be used.
    package let code: String?
    /// Why, in words.
    package let message: String

    package var json: [(name: String, value: JSONValue)] {
      [
        ("works", .boolean(code == nil)), ("code", code.map(JSONValue.string) ?? .null),
        ("message", .string(message)),
      ]
    }
  }

  let addresses: AddressGuard
  let agent: String
  let clock: Clock

  /// Asks once, and once more in the region that a store names instead.
  func run(_ place: CloudPlace, _ credentials: CloudCredentials) async throws -> Finding {
    var place = place
    var reply = try await ask(place, credentials)
    if let region = CloudTrouble(reply, at: place)?.region {
      place = place.moved(to: region)
      reply = try await ask(place, credentials)
    }
    // A list that is longer than is read ends before an FTP server has said that it is whole.
    let isList = reply.failure == nil && (reply.status / 100 == 2 || place.kind == .ftp && reply.status / 100 == 1)
    guard !isList, let failure = FetchFailure(reply, at: place, mostBytes: 0) else {
      return Finding(code: nil, message: "the place was reached, and opened")
    }
    let text = failure.text
    return Finding(
      code: failure.kind.rawValue,
      message: text.hasPrefix(StorageTrial.prefix) ? String(text.dropFirst(StorageTrial.prefix.count)) : text)
  }

  private func ask(_ place: CloudPlace, _ credentials: CloudCredentials) async throws -> OutboundReply {
    let client = try Client(addresses, connections: 1)
    client.start(
      CloudCall.list.request(
        to: place, credentials, agent: agent, at: clock.now(), timeLimit: StorageTrial.timeLimit), tag: 1)
    while true {
      if let ended = client.poll(longest: .zero).first { return ended.reply }
      try await Task.sleep(for: StorageTrial.pause)
    }
  }
}
