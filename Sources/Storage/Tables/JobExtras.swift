/// What a job has beside its row: nothing for most, so that nothing more is read for them.
package struct JobExtras: OptionSet, Sendable {
  package let rawValue: Int64

  package init(rawValue: Int64) {
    self.rawValue = rawValue
  }

  /// Rows in `tasks`.
  package static let tasks = JobExtras(rawValue: 1)
  /// It came with secrets; their rows are there until it ends.
  package static let secrets = JobExtras(rawValue: 2)
  /// Its files are opened with a password.
  package static let downloadPasswords = JobExtras(rawValue: 4)
  /// Its outputs go to places elsewhere, too.
  package static let targets = JobExtras(rawValue: 8)
}
