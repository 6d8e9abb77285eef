package import Basics
import CSQLite

/// The current row of a running query; valid only inside the closure that gets it.
package struct Row: ~Copyable {
  let statement: OpaquePointer

  package func isNull(_ column: Int32) -> Bool {
    sqlite3_column_type(statement, column) == SQLITE_NULL
  }

  package func integer(_ column: Int32) -> Int64 {
    sqlite3_column_int64(statement, column)
  }

  package func int(_ column: Int32) -> Int {
    Int(sqlite3_column_int64(statement, column))
  }

  package func flag(_ column: Int32) -> Bool {
    sqlite3_column_int64(statement, column) != 0
  }

  package func text(_ column: Int32) -> String {
    guard let bytes = sqlite3_column_text(statement, column) else { return "" }
    let count = Int(sqlite3_column_bytes(statement, column))
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  /// One of the words that a column may hold; throws `UnknownWord` for any other, such as a newer version's.
  package func word<Word: RawRepresentable<String>>(_ column: Int32) throws -> Word {
    let text = text(column)
    if let word = Word(rawValue: text) { return word }
    throw UnknownWord(column: sqlite3_column_name(statement, column).map { String(cString: $0) } ?? "", text: text)
  }

  package func blob(_ column: Int32) -> [UInt8] {
    guard let bytes = sqlite3_column_blob(statement, column) else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, column))))
  }

  package func moment(_ column: Int32) -> Timestamp {
    Timestamp(milliseconds: integer(column))
  }

  package func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }
  package func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
  package func optionalMoment(_ column: Int32) -> Timestamp? { isNull(column) ? nil : moment(column) }
}

extension Timestamp: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .integer(milliseconds) }
}
