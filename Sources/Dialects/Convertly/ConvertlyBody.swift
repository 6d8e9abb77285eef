import Basics
import Engine
import HTTP

/// The members of a document, read one by one; what is wrong with them is gathered.
struct ConvertlyBody: Sendable {
  private let members: ClientDocument.Members
  var wrong = WrongFields()

  init(_ members: ClientDocument.Members) { self.members = members }

  subscript(name: String) -> JSONValue? { members.last { $0.name == name }?.value }

  /// True for a member that is there, though it be null.
  func has(_ name: String) -> Bool { self[name] != nil }

  /// A text; an empty one counts as not sent.
  mutating func text(_ name: String) -> String? {
    guard let value = self[name], value != .null else { return nil }
    guard let text = value.string else {
      wrong.append(name, "must be a text")
      return nil
    }
    return text.isEmpty ? nil : text
  }

  mutating func whole(_ name: String) -> Int64? {
    guard let value = self[name], value != .null else { return nil }
    if let number = value.integer ?? value.string.flatMap(Int64.init) { return number }
    wrong.append(name, "must be a whole number")
    return nil
  }

  mutating func flag(_ name: String) -> Bool? {
    guard let value = self[name], value != .null else { return nil }
    switch value {
    case .boolean(let flag): return flag
    case .string("true"): return true
    case .string("false"): return false
    default:
      wrong.append(name, "must be true or false")
      return nil
    }
  }

  mutating func texts(_ name: String, most: Int) -> [String]? {
    guard let value = self[name], value != .null else { return nil }
    let texts = value.array?.compactMap(\.string)
    guard let texts, texts.count == value.array?.count, texts.count <= most else {
      wrong.append(name, "must be an array of at most \(most) texts")
      return nil
    }
    return texts
  }

  mutating func object(_ name: String) -> ConvertlyBody? {
    guard let value = self[name], value != .null else { return nil }
    guard let members = value.members else {
      wrong.append(name, "must be an object")
      return nil
    }
    return ConvertlyBody(members)
  }

  /// Throws `Refusal.invalidFields` when something was wrong.
  func check() throws(Refusal) {
    if !wrong.isEmpty { throw Refusal.invalidFields.naming(wrong) }
  }
}
