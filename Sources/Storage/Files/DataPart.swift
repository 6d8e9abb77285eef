/// A part of the data directory that can be removed or replaced while it is in use, by the name it has there.
package enum DataPart: String, Sendable, CaseIterable {
  case database = "wonder.db"
  case log = "wonder.db-wal"
  case files = "files/"
  case spool = "spool/"
}
