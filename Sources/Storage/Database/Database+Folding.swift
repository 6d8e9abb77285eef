import CSQLite

extension Database {
  /// Teaches a connection `fold(text)`: the text without letter case as Swift has it, for SQLite's `lower` knows ASCII
  /// alone; null is null.
  ///
  /// No index and no view may use it, for other programs could not read such a database.
  static func addFolding(to connection: OpaquePointer) {
    let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC
    let fold: @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void = {
      context, _, values in
      guard let bytes = sqlite3_value_text(values?[0]) else { return sqlite3_result_null(context) }
      let folded = String(cString: bytes).lowercased()
      folded.withCString { csqlite_result_text(context, $0, Int32(folded.utf8.count)) }
    }
    // One that is missing fails the statement that asks for it.
    sqlite3_create_function_v2(connection, "fold", 1, flags, nil, fold, nil, nil, nil)
  }
}
