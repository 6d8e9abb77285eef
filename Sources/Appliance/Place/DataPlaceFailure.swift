/// Why a command does not know which data directory is meant.
enum DataPlaceFailure: Error, CustomStringConvertible {
  /// A settings file that cannot be read.
  case unreadable(String)
  /// Nothing names one, and the standard one is not there.
  case unnamed(String)

  var description: String {
    switch self {
    case .unreadable(let file):
      "\(file) may say where the data directory is, and this user cannot read it; run this with sudo, or name it with --data DIR"
    case .unnamed(let path):
      "there is no data directory at \(path); name it with --data DIR or WONDER_DATA (`wonder serve` makes one)"
    }
  }
}
