/// What a disk may hold when its power went after the first `point` entries of a record.
struct PowerState: Sendable {
  enum Torn: Sendable {
    /// Only the first half of the sectors of 512 bytes, or only the second one.
    case first, second
  }

  struct Place: Sendable, Equatable {
    let object: Int
    let change: Int
  }

  let point: Int
  /// Whether bytes that nobody has synced are there all the same, and names.
  let keepsBytes: Bool
  let keepsNames: Bool
  /// One change for which the opposite holds.
  var odd: Place?
  /// What is there of that change, instead of all or nothing.
  var torn: Torn?

  var words: String {
    let base =
      switch (keepsBytes, keepsNames) {
      case (true, true): "everything"
      case (false, false): "what was synced"
      case (true, false): "all bytes and synced names"
      case (false, true): "all names and synced bytes"
      }
    guard let odd else { return "\(point): \(base)" }
    let part = torn.map { ", of which the \($0) half is there" } ?? ""
    return "\(point): \(base), but for change \(odd.change) of \(odd.object)\(part)"
  }
}
