import Basics
import Storage

/// The server that is followed, however it is reached.
protocol StandbySource: AnyObject {
  /// Asks for what is newer than what is held; nil when nothing is.
  func ask(_ held: StandbyRecord.Held?) throws -> StandbyOffer?

  /// The first server's secret key.
  func key() throws -> [UInt8]

  /// Fetches the database to a file that is not there yet.
  func database(_ offer: StandbyOffer, to path: String) throws

  /// Fetches files into a folder and gives each to `arrived`, with the sum that the other side says of it where its row has
  /// none; gives how many are gone.
  func files(
    _ wanted: [StandbyFile], into folder: String,
    arrived: (_ file: StandbyFile, _ path: String, _ sha256: [UInt8]?) throws -> Void
  ) throws -> Int

  /// Says that the copy is not needed any more, because all of it is held or because nothing comes of it.
  func end(_ offer: StandbyOffer, isHeld: Bool)

  /// True while somebody is there who takes jobs.
  func answers() -> Bool
}

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

  /// Reads what the admin API answers; nil when nothing is newer. Throws `AdminFailure` for what is no such answer.
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
  static func report(_ name: String, _ held: StandbyRecord.Held?) -> JSONValue {
    .object([
      ("name", .string(name)), ("mark", held.map { .string($0.mark) } ?? .null),
      (
        "held_at_ms",
        held.flatMap { Moment.read($0.takenAt, at: Clock.system.now()) }.map { .integer($0.milliseconds) } ?? .null
      ),
      ("files", .integer(held?.files ?? 0)), ("bytes", .integer(held?.bytes ?? 0)),
    ])
  }
}
