/// What was wrong with a source, or could not be kept of it, without keeping the conversion from its end.
///
/// Warnings travel and are stored as these words; what clients read is the sentence, never a text from a file.
package enum ConversionWarning: String, Sendable, CaseIterable {
  case partLeftOut = "part_left_out"
  case checksumWrong = "checksum_wrong"
  case endMissing = "end_missing"
  case rowsMissing = "rows_missing"
  case metadataLeftOut = "metadata_left_out"
  case profileLeftOut = "profile_left_out"
  case entriesLeftOut = "entries_left_out"
  case linksLeftOut = "links_left_out"

  package var sentence: String {
    switch self {
    case .partLeftOut: "a part of the file beside its pixels is damaged and was left out"
    case .checksumWrong: "a check sum over the pixels is wrong, though all rows were there"
    case .endMissing:
      "the file ends without its end mark, or what stands behind the pixels is damaged; all rows were there"
    case .rowsMissing: "rows of the picture are missing or damaged; the rest was taken, as allow_damaged asks for"
    case .metadataLeftOut: "metadata that is too long for the output's format was left out"
    case .profileLeftOut: "the colour profile could neither be kept nor applied, so colours may look different"
    case .entriesLeftOut: "links and devices in the archive, which are no files, were left out"
    case .linksLeftOut: "there are more addresses than are told, or longer ones; these were left out"
    }
  }

  /// Each once, in the order of the list.
  package static func sorted(_ warnings: some Sequence<ConversionWarning>) -> [ConversionWarning] {
    let found = Set(warnings)
    return found.isEmpty ? [] : allCases.filter(found.contains)
  }

  /// Reads the words that `text` makes; what is not known here is left out.
  package static func list(_ text: String) -> [ConversionWarning] {
    sorted(text.split(separator: " ").compactMap { ConversionWarning(rawValue: String($0)) })
  }

  /// The words with spaces between them, for a column of a table.
  package static func text(_ warnings: [ConversionWarning]) -> String? {
    warnings.isEmpty ? nil : warnings.map(\.rawValue).joined(separator: " ")
  }
}
