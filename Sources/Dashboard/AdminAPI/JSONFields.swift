import Basics
import Engine
import HTTP

/// The members of a request's JSON object, read with the names of what is missing or wrong.
struct JSONFields {
  private static let largest = 1 << 20

  private let document: JSONValue

  /// Throws `Refusal.badJSON` for anything but an object; no body counts as an empty one.
  static func read(_ request: Request, _ blocking: Blocking) async throws -> JSONFields {
    let bytes = try await request.body.collect(atMost: largest)
    if bytes.isEmpty { return JSONFields(document: .object([])) }
    return try await ClientDocument.read(bytes, on: blocking) { JSONFields(document: .object($0)) }
  }

  /// A text that may be missing or null, but not of another type.
  func text(_ name: String) throws -> String? {
    switch document[name] {
    case nil, .null: return nil
    case .string(let text): return text
    default: throw Refusal.invalidFields.naming([.init(name, "must be a text")])
    }
  }

  /// A truth value that may be missing, which is false.
  func flag(_ name: String) throws -> Bool {
    switch document[name] {
    case nil, .null: return false
    case .boolean(let value): return value
    default: throw Refusal.invalidFields.naming([.init(name, "must be true or false")])
    }
  }

  /// A list of texts that may be missing, which is empty.
  func list(_ name: String) throws -> [String] {
    guard let value = document[name], value != .null else { return [] }
    let texts = value.array?.compactMap(\.string)
    guard let texts, texts.count == value.array?.count else {
      throw Refusal.invalidFields.naming([.init(name, "must be a list of texts")])
    }
    return texts
  }

  /// An object of options that may be missing, each as text.
  func options(_ name: String) throws -> [String: String] {
    guard let value = document[name], value != .null else { return [:] }
    guard let members = value.members else {
      throw Refusal.invalidFields.naming([.init(name, "must be an object of options")])
    }
    return Dictionary(members.map { ($0.name, $0.value.string ?? $0.value.text) }) { $1 }
  }

  /// A list of objects that may be missing, which is empty.
  func objects(_ name: String) throws -> [JSONFields] {
    guard let value = document[name], value != .null else { return [] }
    guard let list = value.array, list.allSatisfy({ $0.members != nil }) else {
      throw Refusal.invalidFields.naming([.init(name, "must be a list of objects")])
    }
    return list.map { JSONFields(document: $0) }
  }

  /// Every member as text; numbers and truth values are written out.
  func texts() throws -> [(name: String, value: String)] {
    try (document.members ?? []).map { name, value in
      switch value {
      case .string(let text): (name, text)
      case .integer, .boolean: (name, value.text)
      case .null: (name, "none")
      default: throw Refusal.invalidFields.naming([.init(name, "must be a text, a number, true, false or null")])
      }
    }
  }

  func requiredText(_ name: String) throws -> String {
    guard let text = try text(name), !text.isEmpty else {
      throw Refusal.invalidFields.naming([.init(name, "is required")])
    }
    return text
  }
}
