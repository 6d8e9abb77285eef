import Basics
import Engine

/// The names by which clients know conversions and batches: those of the house with another beginning.
enum KoalaPicNames {
  /// What a name stands for, by its row.
  enum Subject: Sendable {
    case job(Int64)
    case batch(Int64)
  }

  private static let conversion = "cnv_"
  private static let batch = "job_"

  static func name(of view: JobView) -> String {
    conversion + view.requestID.dropFirst(PublicIdentifiers.Kind.request.prefix.count)
  }

  static func name(of view: BatchView) -> String {
    batch + view.batchID.dropFirst(PublicIdentifiers.Kind.batch.prefix.count)
  }

  /// Throws `Refusal.unknownJob` for a text that was never one.
  static func subject(_ text: String, _ identifiers: PublicIdentifiers) throws(Refusal) -> Subject {
    func row(_ own: String, _ kind: PublicIdentifiers.Kind) -> Int64? {
      text.hasPrefix(own) ? identifiers.row(kind, kind.prefix + text.dropFirst(own.count)) : nil
    }
    if let row = row(conversion, .request) { return .job(row) }
    if let row = row(batch, .batch) { return .batch(row) }
    throw .unknownJob
  }
}
