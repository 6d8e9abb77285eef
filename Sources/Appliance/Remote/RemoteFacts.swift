import Basics
import Conversion
import Formats

/// What the server tells an operator about the machines that work for it.
struct RemoteFacts: Sendable {
  let parts: RemoteParts

  /// A machine each, and who has places; empty where there are none.
  var document: JSONValue {
    let takers = parts.line.takers
    let nodes = parts.line.figures.figures.sorted { $0.key < $1.key }
    return .object([
      (
        "takers",
        .array(
          takers.sorted { $0.key < $1.key }.map {
            .object([("name", .string($0.key)), ("places", .integer(Int64($0.value)))])
          })
      ),
      ("lanes", .array(Lane.allCases.filter(parts.lanes.contains).map { .string("\($0)") })),
      ("orders", .integer(Int64(parts.line.spoken))),
      ("trouble", parts.launcher?.trouble.map(JSONValue.string) ?? .null),
      ("nodes", .array(nodes.map { RemoteFacts.document($0.key, $0.value) })),
    ])
  }

  private static func document(_ name: String, _ figures: NodeFigures.Figures) -> JSONValue {
    .object([
      ("name", .string(name)), ("done", .integer(figures.done)), ("lost", .integer(figures.lost)),
      ("refused", .integer(figures.refused)), ("seconds", .number(figures.seconds)),
      ("trouble", figures.trouble.map(JSONValue.string) ?? .null),
      ("seen_at", figures.seenAt.map { .string("\($0)") } ?? .null),
    ])
  }

  /// One finding for the launcher, and one for each machine whose last order came to nothing.
  func findings() -> [Finding] {
    var findings: [Finding] = []
    if let launcher = parts.launcher {
      let places = parts.line.takers[Launcher.name] ?? 0
      findings.append(
        launcher.trouble.map { Finding(.broken, "launcher", "rests, for its last calls brought nothing: \($0)") }
          ?? Finding(
            .ok, "launcher",
            "\(places) calls at once for \(parts.lanes.map { "\($0)" }.sorted().joined(separator: ", "))"))
    }
    for (name, figures) in parts.line.figures.figures.sorted(by: { $0.key < $1.key }) {
      let done = "\(figures.done) orders done, \(figures.lost) lost, \(figures.refused) refused"
      findings.append(
        figures.trouble.map { Finding(.warning, "node \(name)", "\($0); \(done)") }
          ?? Finding(.ok, "node \(name)", done))
    }
    return findings
  }
}
