/// Why a backup cannot be made, read or restored.
package enum BackupFailure: Error, CustomStringConvertible, Equatable {
  case notABackup(String)
  case newerFormat(Int64)
  case notEmpty(String)
  case unsound([String])
  /// What was to be packed is no longer what it was.
  case changedMeanwhile(String)

  package var description: String {
    switch self {
    case .notABackup(let problem): "this is no whole backup of wonder: \(problem)"
    case .newerFormat(let format): "the backup has format \(format), which a newer wonder made; install that one"
    case .notEmpty(let path):
      "\(path) is not empty; a backup is restored into a directory that is empty or does not exist"
    case .changedMeanwhile(let found): "the snapshot in the spool is not whole any more: it has \(found); try again"
    case .unsound(let problems):
      "the backup is damaged and nothing was restored: \(problems.prefix(5).joined(separator: "; "))"
    }
  }
}
