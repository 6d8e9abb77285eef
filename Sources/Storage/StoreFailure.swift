/// Why the data directory cannot be used.
package enum StoreFailure: Error, CustomStringConvertible, Equatable {
  case closed
  case inUse(path: String, owner: String)
  case notOurs(path: String)
  case newerSchema(found: Int64, known: Int64)
  case damagedKey(path: String)

  package var description: String {
    switch self {
    case .closed: "the store is closed"
    case .inUse(let path, let owner): "the data directory \(path) is in use by another wonder (process \(owner))"
    case .notOurs(let path): "\(path) is not a database of wonder"
    case .newerSchema(let found, let known):
      "the database has schema \(found), which a newer wonder made, and this one knows up to \(known); install the "
        + "newer version again, or restore a backup into an empty data directory with `wonder admin restore FILE`"
    case .damagedKey(let path): "\(path) is not 32 bytes long; restore it from a backup"
    }
  }
}
