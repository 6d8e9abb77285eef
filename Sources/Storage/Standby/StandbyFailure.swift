/// Why a stand-by cannot follow, or cannot take over.
package enum StandbyFailure: Error, CustomStringConvertible, Equatable {
  case notEmpty(path: String)
  case notAStandby(path: String)
  case damagedRecord(path: String)
  case nothingHeld(path: String)
  case newerSchema(found: Int64, known: Int64, version: String)
  /// The one that is followed has another secret key than before.
  case otherServer(from: String)
  /// What came is not what was announced.
  case damaged(String)
  /// Files that went while they were about to be fetched.
  case gone(Int)
  case incomplete([String])
  case stillAnswers(from: String)

  package var description: String {
    switch self {
    case .notEmpty(let path):
      "\(path) is no stand-by's directory and not empty; a stand-by wants one that is empty or does not exist"
    case .notAStandby(let path): "\(path) follows nobody; it is no stand-by's, or was promoted already"
    case .damagedRecord(let path): "\(path) cannot be read; empty the directory, and let it follow anew"
    case .nothingHeld(let path): "\(path) has nothing whole yet; there is nothing to promote"
    case .newerSchema(let found, let known, let version):
      "the first server is wonder \(version) with schema \(found), and this one knows up to \(known); install the same "
        + "version here; what is held already stays"
    case .otherServer(let from):
      "\(from) has another secret key than the server that was followed; empty the directory to follow that one"
    case .damaged(let name): "\(name) did not come as it was announced; it is fetched again"
    case .gone(let count): "\(count) files were deleted while they were to be fetched; a newer copy is needed"
    case .incomplete(let problems):
      "not all is there: \(problems.prefix(5).joined(separator: "; "))\(problems.count > 5 ? " and more" : "")"
    case .stillAnswers(let from):
      "\(from) still answers, and two servers for the same jobs would part for ever; stop it first, or say --force"
    }
  }
}
