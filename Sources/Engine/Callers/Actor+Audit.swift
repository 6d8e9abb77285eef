import Basics
import Storage

extension Actor {
  /// Writes down what this one does, in the transaction that does it.
  func record(_ action: String, _ subject: String, _ detail: String = "", at now: Timestamp, in database: Database)
    throws
  {
    try Audit.insert(
      actor: name, address: address, action: action, subject: subject, detail: detail, at: now, in: database)
  }
}
