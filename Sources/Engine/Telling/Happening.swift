package import Basics
package import Storage

/// Something that happened, with all that a webhook may say of it.
package struct Happening: Sendable {
  /// What it happened to.
  package enum Subject: Sendable {
    case job(JobView)
    case batch(BatchView)
    /// A file of a job of several, by its name: nothing of the job is left to be done with it.
    case source(JobView, String)
    /// A file that was stored.
    case file(StoredFileView)
    /// An amount that was told in another currency.
    case exchange(Exchange)
  }

  package let kind: EventKind
  package let at: Timestamp
  /// How far a running job is, with progress.
  package let percent: Int64?
  package let subject: Subject
  /// The names of the files that came with a job.
  package let inputs: [String]
  /// How many of them are what is converted, and not laid over it.
  package let sources: Int
  /// All that there is to say of a job, for dialects that tell it.
  package var whole: WholeJob?
  /// What the dialect of a job keeps with it.
  package var dialectData: String?
  /// Makes the names of rows, for styles whose vendors have names of another form.
  package let identifiers: PublicIdentifiers
  /// The public identifier of the event; each message of it that is not the same has another part.
  package let identifier: @Sendable (_ part: Int) -> String
}

extension Happening.Subject {
  /// What clients call it by.
  package var requestID: String? {
    switch self {
    case .job(let view), .source(let view, _): view.requestID
    case .batch(let view): view.batchID
    case .file(let view): view.identifier
    case .exchange: nil
    }
  }

  package var workspaceID: Int64 {
    switch self {
    case .job(let view), .source(let view, _): view.job.workspaceID
    case .batch(let view): view.batch.workspaceID
    case .file(let view): view.file.workspaceID
    case .exchange(let exchange): exchange.workspaceID
    }
  }

  /// The dialect that it came by; empty for what is told to endpoints alone.
  package var dialect: String {
    switch self {
    case .job(let view), .source(let view, _): view.job.dialect
    case .batch(let view): view.batch.dialect
    case .file, .exchange: ""
    }
  }

  /// The row of a job, or of the one that a file is of; nil for a sample, which has none.
  package var jobID: Int64? {
    switch self {
    case .job(let view), .source(let view, _): view.job.id == 0 ? nil : view.job.id
    case .file(let view): view.file.jobID
    case .batch, .exchange: nil
    }
  }

  /// The row of a batch; nil for a sample, which has none.
  package var batchID: Int64? {
    if case .batch(let view) = self, view.batch.id != 0 { view.batch.id } else { nil }
  }
}
