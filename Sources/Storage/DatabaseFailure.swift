import CSQLite

/// A failure of SQLite: its extended result code, its words, and the statement; never the bound values.
package struct DatabaseFailure: Error, CustomStringConvertible {
  package let code: Int32
  package let message: String
  package let statement: String

  package var description: String {
    let shown = statement.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return "database: \(message) (\(code))" + (shown.isEmpty ? "" : " in \(shown.prefix(120))")
  }

  private var primaryCode: Int32 { code & 0xFF }

  /// True when the disk is full or cannot be written, so that the request may be tried again later.
  package var isStorageTrouble: Bool {
    [SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN].contains(primaryCode)
  }

  /// True when a UNIQUE, CHECK, NOT NULL or foreign key rule refused the row.
  package var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }
}
