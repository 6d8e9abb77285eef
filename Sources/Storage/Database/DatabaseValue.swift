/// A value bound to a parameter of a statement.
package enum DatabaseValue: Sendable {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])
}

/// What can be bound: numbers, texts, bytes, flags, moments, and their optionals.
package protocol DatabaseConvertible {
  var databaseValue: DatabaseValue { get }
}

extension DatabaseValue: DatabaseConvertible {
  package var databaseValue: DatabaseValue { self }
}

extension Int64: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .integer(self) }
}

extension Int: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .integer(Int64(self)) }
}

extension Bool: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .integer(self ? 1 : 0) }
}

extension String: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .text(self) }
}

extension [UInt8]: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .blob(self) }
}

extension Optional: DatabaseConvertible where Wrapped: DatabaseConvertible {
  package var databaseValue: DatabaseValue { self?.databaseValue ?? .null }
}
