import DataFormats

/// What a sink was told, as short as it can be said.
struct PlainText: DataSink {
  private(set) var text = ""

  private mutating func add(_ more: String) {
    if let last = text.last, last != "{", last != "[", last != ":", more != "}", more != "]" { text += " " }
    text += more
  }

  mutating func startObject() { add("{") }
  mutating func endObject() { add("}") }
  mutating func startArray() { add("[") }
  mutating func endArray() { add("]") }

  mutating func name(_ name: String) {
    add(name)
    text += ":"
  }

  mutating func scalar(_ value: DataScalar) {
    switch value {
    case .null: add("null")
    case .bool(let value): add(value ? "true" : "false")
    case .number(let number): add(number)
    case .infinity(let negative): add(negative ? "-inf" : "inf")
    case .notANumber: add("nan")
    case .string(let string): add("'\(string)'")
    case .moment(let moment): add("<\(moment)>")
    }
  }
}
