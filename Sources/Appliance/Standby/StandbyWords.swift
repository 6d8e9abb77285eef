import Basics
import Storage

/// How far a stand-by is, in words.
enum StandbyWords {
  /// What is later than this, or than so many looks, is late.
  private static let patience = Duration.seconds(60)
  private static let looks = 10

  /// What is held, in a sentence.
  static func state(_ record: StandbyRecord, _ lag: Duration) -> String {
    guard let held = record.held else { return "nothing of \(record.from) is held yet\(trouble(record))" }
    return "everything of \(record.from) until \(held.asOf) is held, \(seconds(lag)) ago: "
      + "\(held.files) files, \(held.bytes) bytes, and a database of \(held.databaseBytes)\(trouble(record))"
  }

  private static func trouble(_ record: StandbyRecord) -> String {
    record.problem.map { "; since \(record.problemSince.map { "\($0)" } ?? "now"): \($0)" } ?? ""
  }

  /// True for one that holds nothing, or what is older than a few looks explain.
  static func isLate(_ record: StandbyRecord, _ settings: Settings, at now: Timestamp) -> Bool {
    record.lag(at: now).map { $0 >= limit(settings.span(.standbyInterval)) } ?? true
  }

  /// How old what is held may be where so much time lies between two looks.
  static func limit(_ interval: Duration) -> Duration { max(patience, interval * looks) }

  static func seconds(_ span: Duration) -> String {
    "\(span.milliseconds / 1000).\(span.milliseconds % 1000 / 100) s"
  }
}
