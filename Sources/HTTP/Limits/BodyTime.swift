import Basics

/// How long one body may take: longer with what has come of it, so that a large one has time on a slow line, and one that
/// brings next to nothing has no more than a small one.
struct BodyTime {
  /// Nanoseconds for each byte: a second for 64 KiB.
  private static let perByte: Int64 = 1_000_000_000 / (64 << 10)

  /// When a body that brings nothing is over.
  private let first: Int64

  /// For a body that begins at this moment (monotonic nanoseconds).
  init(_ limits: ServerLimits, from start: Int64) {
    first = start + limits.bodyTime.nanoseconds
  }

  /// When a body is over of which so many bytes have come.
  func end(having bytes: Int) -> Int64 {
    let (more, isTooMuch) = Int64(bytes).multipliedReportingOverflow(by: BodyTime.perByte)
    return isTooMuch || first > .max - more ? .max : first + more
  }
}
