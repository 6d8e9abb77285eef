import Basics

/// One thing that the doctor looked at, and how it is.
struct Finding: Sendable, Equatable {
  enum State: String, Sendable {
    case ok, warning, broken
  }

  let state: State
  let name: String
  /// What was found, and for anything but `ok` what to do.
  let text: String

  init(_ state: State, _ name: String, _ text: String) {
    self.state = state
    self.name = name
    self.text = text
  }

  var json: JSONValue {
    .object([("state", .string(state.rawValue)), ("name", .string(name)), ("text", .string(text))])
  }

  init?(_ document: JSONValue) {
    guard let state = document["state"]?.string.flatMap(State.init), let name = document["name"]?.string,
      let text = document["text"]?.string
    else { return nil }
    self.init(state, name, text)
  }
}
