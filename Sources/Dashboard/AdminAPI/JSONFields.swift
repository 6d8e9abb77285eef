import Basics
import Engine
import HTTP

/// The members of a request's JSON object, read with the names of what is missing or wrong.
struct JSONFields {
  private static let largest = 1 << 20

  private let document: JSONValue

  /// Throws `Refusal.badJSON` for anything but an object; no body counts as an empty one.
  static func read(_ request: Request) async throws -> JSONFields {
    let bytes = try await request.body.collect(atMost: largest)
    if bytes.isEmpty { return JSONFields(document: .object([])) }
    guard let document = try? JSONReader.parse(bytes), document.members != nil else { throw Refusal.badJSON }
    return JSONFields(document: document)
  }

  /// A text that may be missing or null, but not of another type.
  func text(_ name: String) throws -> String? {
    switch document[name] {
    case nil, .null: return nil
    case .string(let text): return text
    default: throw Refusal.invalidFields.naming([.init(name, "must be a text")])
    }
  }

  func requiredText(_ name: String) throws -> String {
    guard let text = try text(name), !text.isEmpty else {
      throw Refusal.invalidFields.naming([.init(name, "is required")])
    }
    return text
  }
}
