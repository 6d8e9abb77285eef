import Basics

/// The names of rows as this API shows them: UUIDs, for the vendor's clients refuse all else before they send it.
enum ConvertlyNames {
  static func text(_ kind: PublicIdentifiers.Kind, _ row: Int64, _ identifiers: PublicIdentifiers) -> String {
    RowUUID.text(kind, row, identifiers)
  }

  /// The row of a name; nil for a text that was never one.
  static func row(_ kind: PublicIdentifiers.Kind, _ text: String?, _ identifiers: PublicIdentifiers) -> Int64? {
    text.flatMap { RowUUID.row(kind, $0, identifiers) }
  }
}
