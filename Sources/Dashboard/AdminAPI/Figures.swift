import Basics
import Storage

/// Figures as the admin API writes them for charts.
enum Figures {
  static func describe(_ figures: Activity.Figures) -> JSONValue {
    .object([
      ("start", .string("\(figures.start)")), ("submitted", .integer(figures.submitted)),
      ("completed", .integer(figures.completed)), ("failed", .integer(figures.failed)),
    ])
  }

  static func describe(_ month: Usage.Month, period: String) -> JSONValue {
    .object([
      ("period", .string(period)), ("jobs", .integer(month.jobs)), ("files", .integer(month.files)),
      ("bytes", .integer(month.bytes)), ("milliseconds", .integer(month.milliseconds)),
    ])
  }
}
