import Basics
import Engine
import Storage

/// Looks how far stand-bys are, on the server that they follow and on their own machines.
enum StandbyCheck {
  /// What is later than this, or than so many looks, is behind.
  private static let patience = Duration.seconds(60)
  private static let looks = 10

  /// Of those that follow a server, as it knows them.
  static func findings(_ followers: [Follower], at now: Timestamp) -> [Finding] {
    followers.map { follower in
      let seen = now - follower.seenAt
      guard let lag = follower.lag(at: now) else {
        return Finding(.warning, "standby", "\(follower.name) has nothing whole yet")
      }
      let text = "\(follower.name) is \(seconds(lag)) behind, \(follower.files) files, \(follower.bytes) bytes"
      guard seen < patience else {
        return Finding(
          .broken, "standby",
          "\(text), and has not asked for \(seconds(seen)); look at it there with `wonder standby --status`")
      }
      return Finding(lag < patience ? .ok : .warning, "standby", text)
    }
  }

  /// Of a data directory that follows; nil for any other.
  static func finding(_ data: String, _ settings: Settings, at now: Timestamp) -> Finding? {
    do {
      guard let record = try StandbyRecord.read(data) else { return nil }
      guard let lag = record.lag(at: now) else {
        return Finding(
          .broken, "standby", "follows \(record.from), and holds nothing yet\(record.problem.map { ": \($0)" } ?? "")")
      }
      let text = StandbyCommand.words(record, lag)
      let limit = max(patience, settings.span(.standbyInterval) * looks)
      return Finding(lag < limit ? .ok : .broken, "standby", text)
    } catch {
      return Finding(.broken, "standby", "\(error)")
    }
  }

  static func seconds(_ span: Duration) -> String {
    "\(span.milliseconds / 1000).\(span.milliseconds % 1000 / 100) s"
  }
}
