/// What a cell of a sheet holds.
package enum SheetValue: Equatable, Sendable {
  case empty
  case text(String)
  /// In the spelling of JSON.
  case number(String)
  case bool(Bool)
  /// A date, a time or both, in ISO 8601.
  case moment(String)
  /// As spreadsheets show it: `#DIV/0!`.
  case error(String)

  /// As it stands in a table of text.
  package var text: String {
    switch self {
    case .empty: ""
    case .text(let text), .number(let text), .moment(let text), .error(let text): text
    case .bool(let isTrue): isTrue ? "TRUE" : "FALSE"
    }
  }

  var isEmpty: Bool { self == .empty || self == .text("") }
}
