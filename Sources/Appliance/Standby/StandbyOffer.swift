import Basics
import Storage

/// A copy of the database that is there to be fetched.
struct StandbyOffer {
  let name: String
  let mark: String
  let takenAt: String
  let schema: Int64
  let bytes: Int64
  let sha256: String
  /// Where it lies, for whoever is on the same machine.
  var path: String?
  /// The version of the first server, and what its present start is called.
  var version = ""
  var boot = ""

  init(name: String, mark: String, takenAt: String, schema: Int64, bytes: Int64, sha256: String) {
    self.name = name
    self.mark = mark
    self.takenAt = takenAt
    self.schema = schema
    self.bytes = bytes
    self.sha256 = sha256
  }

  /// Reads what the admin API answers; nil when nothing is newer.
  ///
  /// Throws `AdminFailure` for what is no such answer.
  init?(_ answer: JSONValue) throws {
    guard let copy = answer["copy"] else {
      throw AdminFailure(description: "the answer is none of a wonder that can be followed")
    }
    if copy == .null { return nil }
    guard let name = copy["name"]?.string, let mark = copy["mark"]?.string, let takenAt = copy["taken_at"]?.string,
      let schema = copy["schema"]?.integer, let bytes = copy["bytes"]?.integer, let sha256 = copy["sha256"]?.string
    else { throw AdminFailure(description: "the first server did not describe its copy") }
    self.init(name: name, mark: mark, takenAt: takenAt, schema: schema, bytes: bytes, sha256: sha256)
    path = copy["path"]?.string
    version = answer["server"]?["version"]?.string ?? ""
    boot = answer["server"]?["boot"]?.string ?? ""
  }

  /// What a stand-by says of itself when it asks.
  static func report(_ identity: StandbyIdentity, _ held: StandbyRecord.Held?) -> JSONValue {
    .object([
      ("name", .string(identity.name)), ("interval_ms", .integer(identity.interval.milliseconds)),
      ("mark", held.map { .string($0.mark) } ?? .null),
      (
        "held_at_ms",
        held.flatMap { Moment.read($0.takenAt, at: Clock.system.now()) }.map { .integer($0.milliseconds) } ?? .null
      ),
      ("files", .integer(held?.files ?? 0)), ("bytes", .integer(held?.bytes ?? 0)),
    ])
  }
}
