import Basics

/// Figures in Prometheus' text format 0.0.4, family after family.
struct MetricsText {
  enum Kind: String {
    case counter, gauge, histogram
  }

  typealias Labels = KeyValuePairs<String, String>

  private(set) var text = ""
  private var name = ""

  /// Begins a family; its samples follow.
  mutating func family(_ name: String, _ kind: Kind, _ help: String) {
    self.name = name
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  mutating func sample(_ value: Int64, _ labels: Labels = [:]) { line("", String(value), labels.map { ($0, $1) }) }

  mutating func sample(_ value: Double, _ labels: Labels = [:]) { line("", "\(value)", labels.map { ($0, $1) }) }

  /// The buckets are cumulative here, and the last one has everything.
  mutating func sample(_ histogram: Histogram, _ labels: Labels = [:]) {
    let labels = labels.map { ($0, $1) }
    var total: Int64 = 0
    for (bound, count) in zip(histogram.bounds.map { "\($0)" } + ["+Inf"], histogram.counts) {
      total += count
      line("_bucket", String(total), labels + [("le", bound)])
    }
    line("_sum", "\(histogram.sum)", labels)
    line("_count", String(total), labels)
  }

  /// A family with one sample.
  mutating func figure(_ name: String, _ kind: Kind, _ help: String, _ value: Int64) {
    family(name, kind, help)
    sample(value)
  }

  private mutating func line(_ suffix: String, _ value: String, _ labels: [(String, String)]) {
    let list = labels.map { "\($0)=\"\(MetricsText.escaped($1))\"" }.joined(separator: ",")
    text += "\(name)\(suffix)\(list.isEmpty ? "" : "{\(list)}") \(value)\n"
  }

  private static func escaped(_ value: String) -> String {
    var out = ""
    for character in value {
      switch character {
      case "\\": out += "\\\\"
      case "\"": out += "\\\""
      case "\n": out += "\\n"
      default: out.append(character)
      }
    }
    return out
  }
}
