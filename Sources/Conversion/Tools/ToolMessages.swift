import Basics
import CSystem
import Formats

/// What the process beside a program is told, with the folder's descriptor.
struct ToolRequest {
  let path: String
  let arguments: [String]
  let environment: [String]
  let readable: [String]
  let needs: ToolNeeds
  let memoryBytes: Int64?
  let processes: Int64
  let progressMark: String?
  let fed: String?
  let printed: String?
  /// The file that a program takes away when it waits for another; nil for one that ends.
  let order: String?
  /// What the names in /tmp begin with of its sockets.
  let sockets: String?
  let togetherBytes: Int64?
  let doors: [UInt16]
  let fileBytes: Int64
  let seconds: Int64
  let required: ToolConfinement
  let masked: ToolConfinement

  var json: JSONValue {
    .object([
      ("path", .string(path)), ("arguments", .array(arguments.map(JSONValue.string))),
      ("environment", .array(environment.map(JSONValue.string))),
      ("readable", .array(readable.map(JSONValue.string))), ("needs", .integer(Int64(needs.rawValue))),
      ("memory", memoryBytes.map(JSONValue.integer) ?? .null), ("processes", .integer(processes)),
      ("mark", progressMark.map(JSONValue.string) ?? .null), ("fed", fed.map(JSONValue.string) ?? .null),
      ("printed", printed.map(JSONValue.string) ?? .null), ("order", order.map(JSONValue.string) ?? .null),
      ("sockets", sockets.map(JSONValue.string) ?? .null),
      ("together", togetherBytes.map(JSONValue.integer) ?? .null),
      ("doors", .array(doors.map { .integer(Int64($0)) })), ("file", .integer(fileBytes)),
      ("seconds", .integer(seconds)), ("required", .integer(Int64(required.rawValue))),
      ("masked", .integer(Int64(masked.rawValue))),
    ])
  }
}

extension ToolRequest {
  init?(_ document: JSONValue) {
    guard let path = document["path"]?.string, let arguments = document["arguments"]?.array?.compactMap(\.string),
      let environment = document["environment"]?.array?.compactMap(\.string),
      let readable = document["readable"]?.array?.compactMap(\.string),
      let needs = document["needs"]?.integer.flatMap(Int32.init(exactly:)),
      let processes = document["processes"]?.integer,
      let file = document["file"]?.integer, let seconds = document["seconds"]?.integer,
      let required = document["required"]?.integer.flatMap(Int32.init(exactly:)),
      let masked = document["masked"]?.integer.flatMap(Int32.init(exactly:)), processes > 0, file > 0, seconds > 0
    else { return nil }
    self.init(
      path: path, arguments: arguments, environment: environment, readable: readable,
      needs: ToolNeeds(rawValue: needs), memoryBytes: document["memory"]?.integer, processes: processes,
      progressMark: document["mark"]?.string, fed: document["fed"]?.string, printed: document["printed"]?.string,
      order: document["order"]?.string, sockets: document["sockets"]?.string,
      togetherBytes: document["together"]?.integer,
      doors: document["doors"]?.array?.compactMap { $0.integer.flatMap(UInt16.init(exactly:)) } ?? [], fileBytes: file,
      seconds: seconds,
      required: ToolConfinement(rawValue: required),
      masked: ToolConfinement(rawValue: masked))
  }
}

/// What the process beside a program tells of it.
///
/// That is how far it is, as often as that changes, that it waits, and once how it ended.
enum ToolReport {
  case progress(String)
  /// It begins, and with this come the sockets that listen for it, in the order of the doors.
  case opens(ToolConfinement)
  /// It has obeyed its order, and stands still until it is told to go on.
  case waits(ToolEnd, ToolConfinement)
  case ended(ToolEnd, ToolConfinement)
  case killed(signal: Int32, ToolEnd)
  case notStarted(code: Int32)
  case tooWeak(ToolConfinement)

  var json: JSONValue {
    switch self {
    case .progress(let line): .object([("progress", .string(line))])
    case .opens(let held): .object([("opens", .integer(Int64(held.rawValue)))])
    case .waits(let end, let held):
      .object([("waits", .integer(Int64(held.rawValue))), ("words", .string(end.words))])
    case .ended(let end, let held):
      .object([
        ("code", .integer(Int64(end.code))), ("words", .string(end.words)), ("held", .integer(Int64(held.rawValue))),
      ])
    case .killed(let signal, let end): .object([("signal", .integer(Int64(signal))), ("words", .string(end.words))])
    case .notStarted(let code): .object([("error", .integer(Int64(code)))])
    case .tooWeak(let held): .object([("weak", .integer(Int64(held.rawValue)))])
    }
  }

  init?(_ document: JSONValue) {
    func number(_ name: String) -> Int32? { document[name]?.integer.flatMap(Int32.init(exactly:)) }
    let words = document["words"]?.string ?? ""
    if let line = document["progress"]?.string {
      self = .progress(line)
    } else if let held = number("opens") {
      self = .opens(ToolConfinement(rawValue: held))
    } else if let held = number("waits") {
      self = .waits(ToolEnd(code: 0, words: words), ToolConfinement(rawValue: held))
    } else if let code = number("code"), let held = number("held") {
      self = .ended(ToolEnd(code: code, words: words), ToolConfinement(rawValue: held))
    } else if let signal = number("signal") {
      self = .killed(signal: signal, ToolEnd(code: -1, words: words))
    } else if let code = number("error") {
      self = .notStarted(code: code)
    } else if let held = number("weak") {
      self = .tooWeak(ToolConfinement(rawValue: held))
    } else {
      return nil
    }
  }
}

/// What the process beside a program that waits is told; anything else, and the end of the socket, ends it.
enum ToolWord {
  static let goOn = JSONValue.object([("go", .boolean(true))])

  static func isGoOn(_ message: Channel.Message) -> Bool {
    if case .document(let document) = message { document["go"] != nil } else { false }
  }
}
