import Basics
import Engine
import Storage

/// Looks how far stand-bys are, on the server that they follow and on their own machines.
enum StandbyCheck {
  /// Of those that follow a server, as it knows them.
  static func findings(_ followers: [Follower], at now: Timestamp) -> [Finding] {
    followers.map { follower in
      let (seen, limit) = (now - follower.seenAt, StandbyWords.limit(follower.interval))
      guard let lag = follower.lag(at: now) else {
        return Finding(.warning, "standby", "\(follower.name) has nothing whole yet")
      }
      let text =
        "\(follower.name) is \(StandbyWords.seconds(lag)) behind, \(follower.files) files, \(follower.bytes) bytes"
      guard seen < limit else {
        return Finding(
          .broken, "standby",
          "\(text), and has not asked for \(StandbyWords.seconds(seen)); look at it there with `wonder standby --status`"
        )
      }
      return Finding(lag < limit ? .ok : .warning, "standby", text)
    }
  }

  /// Of a data directory that follows; nil for any other.
  static func finding(_ data: String, _ settings: Settings, at now: Timestamp) -> Finding? {
    do {
      guard let record = try StandbyRecord.read(data) else { return nil }
      let text = StandbyWords.state(record, record.lag(at: now) ?? .zero)
      return Finding(StandbyWords.isLate(record, settings, at: now) ? .broken : .ok, "standby", text)
    } catch {
      return Finding(.broken, "standby", "\(error)")
    }
  }
}
