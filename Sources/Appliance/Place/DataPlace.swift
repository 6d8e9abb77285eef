import Basics
import Glibc

/// Where a command finds the data directory, and when it must not guess.
enum DataPlace {
  /// The path of the data directory for a command that works on one.
  ///
  /// Throws `DataPlaceFailure` when a settings file that may name it cannot be read, and, unless the command `makes` it, when
  /// nothing names it and the standard one is not there: a command that only looks makes none.
  static func find(_ settings: Settings, makes: Bool = false) throws(DataPlaceFailure) -> String {
    let entry = settings.entry(.data)
    if let file = settings.unreadable, entry.source == .standard { throw .unreadable(file) }
    if !makes, entry.source == .standard, access(entry.value, F_OK) != 0 { throw .unnamed(entry.value) }
    return entry.value
  }
}
