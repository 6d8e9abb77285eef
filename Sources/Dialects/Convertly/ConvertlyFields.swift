import Basics
import Engine
import HTTP

/// The fields of a request, read one by one; what is wrong with them is gathered.
///
/// An empty field counts as not sent: the vendor's integrations send "" for what they leave out.
struct ConvertlyFields {
  let all: FormFields
  var wrong = WrongFields()

  init(_ fields: FormFields) { all = fields }

  func text(_ name: String) -> String? { all.text(name) }

  mutating func whole(_ name: String, _ range: ClosedRange<Int>) -> Int? { whole(text(name), name, range) }

  mutating func whole(_ text: String?, _ label: String, _ range: ClosedRange<Int>) -> Int? {
    guard let text else { return nil }
    if let number = Int(text), range.contains(number) { return number }
    wrong.append(label, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    return nil
  }

  mutating func decimal(_ name: String, _ range: ClosedRange<Double>) -> Double? {
    guard let text = text(name) else { return nil }
    if let number = Double(text), range.contains(number) { return number }
    wrong.append(name, "must be a number from \(range.lowerBound) to \(range.upperBound)")
    return nil
  }

  mutating func flag(_ name: String) -> Bool? { flag(text(name), name) }

  mutating func flag(_ text: String?, _ label: String) -> Bool? {
    switch text?.lowercased() {
    case nil: return nil
    case "true", "1", "yes", "on": return true
    case "false", "0", "no", "off": return false
    default:
      wrong.append(label, "must be true or false")
      return nil
    }
  }

  mutating func word(_ name: String, of words: [String]) -> String? { word(text(name), name, of: words) }

  mutating func word(_ text: String?, _ label: String, of words: [String]) -> String? {
    guard let text = text?.lowercased() else { return nil }
    if words.contains(text) { return text }
    wrong.append(label, "\"\(text)\" is not known; valid: \(words.joined(separator: ", "))")
    return nil
  }

  /// What is said of each of so many files: by a JSON array with a value for each, else by one field for all.
  mutating func each(_ array: String, else single: String, _ count: Int) -> [(label: String, text: String?)] {
    guard let text = text(array) else { return Array(repeating: (single, self.text(single)), count: count) }
    guard let values = (try? JSONReader.parse(Array(text.utf8), from: .client))?.array else {
      wrong.append(array, "must be a JSON array")
      return Array(repeating: (array, nil), count: count)
    }
    guard values.count == count else {
      wrong.append(array, "has \(values.count) values for \(count) files")
      return Array(repeating: (array, nil), count: count)
    }
    return values.enumerated().map { number, value in
      let text = value == .null ? nil : value.string ?? value.text
      return ("\(array)[\(number)]", text?.isEmpty ?? true ? nil : text)
    }
  }

  /// Throws `Refusal.invalidFields` when something was wrong.
  func check() throws {
    if !wrong.isEmpty { throw Refusal.invalidFields.naming(wrong) }
  }
}
