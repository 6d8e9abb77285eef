import Basics
import Storage

/// What is kept with a job in the words of this API, to be shown as it was said.
struct Api2ConvertData: Sendable {
  /// One of the things that are to be made.
  struct Conversion: Sendable {
    /// Its number in the job, from 1, which no other gets when it is gone.
    var number: Int
    var target: String
    var category: String?
    /// Without what nobody may see.
    var options: [(name: String, value: JSONValue)] = []
    var metadata = JSONValue.object([])
    /// Where its outputs go; kept with the job, and not here.
    var targets: [(place: CloudPlace, credentials: CloudCredentials)] = []

    var json: JSONValue {
      .object([
        ("n", .integer(Int64(number))), ("t", .string(target)), ("c", category.map { .string($0) } ?? .null),
        ("o", .object(options)), ("m", metadata),
      ])
    }
  }

  /// True when the job is to be started as soon as it has files and a conversion.
  var starts = true
  var conversions: [Conversion] = []
  private(set) var last = 0
  /// What was said of inputs: by their position where they came with the job ("0"), else by their row ("#1").
  var inputs: [(name: String, value: JSONValue)] = []
  var limits = JSONValue.object([])

  init() {}

  init(_ text: String?) {
    guard let text, let document = try? JSONReader.parse(text.utf8) else { return }
    starts = document["s"]?.boolean ?? true
    last = Int(document["l"]?.integer ?? 0)
    inputs = document["i"]?.members ?? []
    limits = document["x"] ?? .object([])
    conversions = (document["c"]?.array ?? []).map { row in
      Conversion(
        number: Int(row["n"]?.integer ?? 0), target: row["t"]?.string ?? "", category: row["c"]?.string,
        options: row["o"]?.members ?? [], metadata: row["m"] ?? .object([]))
    }
  }

  var text: String {
    JSONValue.object([
      ("s", .boolean(starts)), ("l", .integer(Int64(last))), ("c", .array(conversions.map(\.json))),
      ("i", .object(inputs)), ("x", limits),
    ]).text
  }

  mutating func add(_ conversion: Conversion) {
    last += 1
    var conversion = conversion
    conversion.number = last
    conversions.append(conversion)
  }

  /// Calls what was said of these inputs by their rows, for their positions are to change.
  mutating func nameByRow(_ inputs: [Input]) {
    for index in self.inputs.indices {
      let input = inputs.first { "\($0.position)" == self.inputs[index].name }
      if let input { self.inputs[index].name = "#\(input.id)" }
    }
  }

  /// What was said of an input.
  func input(row: Int64, position: Int) -> JSONValue? {
    let names = ["#\(row)", "\(position)"]
    return inputs.last { names.contains($0.name) }?.value
  }
}
