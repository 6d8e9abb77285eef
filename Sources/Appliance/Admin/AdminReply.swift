import Basics

/// An answer of the admin API.
struct AdminReply: Sendable {
  let status: Int
  let document: JSONValue

  /// What went wrong, in a sentence with the fields, or nil.
  var problem: String? {
    guard status >= 400 else { return nil }
    let fields = document["errors"]?.members ?? []
    let details = fields.flatMap { field in field.value.array?.compactMap(\.string).map { "\(field.name): \($0)" } ?? []
    }
    return details.isEmpty ? document["message"]?.string ?? "status \(status)" : details.joined(separator: "; ")
  }
}

/// A refusal of the admin API, as a command shows it.
struct AdminFailure: Error, CustomStringConvertible {
  let description: String
  /// True when what was named is not there.
  var isMissing = false
}
