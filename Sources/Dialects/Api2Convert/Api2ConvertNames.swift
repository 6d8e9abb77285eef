import Basics

/// The identifiers of this API that are no row's own; all others are those of rows.
enum Api2ConvertNames {
  /// The identifier of a job's conversion, which has a number in its job and no row of its own.
  static func conversion(_ number: Int, of job: Int64, _ identifiers: PublicIdentifiers) -> String {
    RowUUID.text(.task, job << 16 | Int64(number), identifiers)
  }
}
