package import Basics
import Conversion
import Formats
package import Storage

/// A job with all that the tables say of it, for documents that show more than its results.
///
/// `JobView` is what a poll needs; the rest is read only by those who ask for this.
package struct WholeJob: Sendable {
  /// A file that the job works on, or lays over those that it works on.
  package struct File: Sendable {
    package let input: Input
    package let mediaType: String
    package let createdAt: Timestamp
    /// When it came, was fetched, or could not be.
    package let changedAt: Timestamp
  }

  package let view: JobView
  package let inputs: [File]
  /// What is made of them, at least one.
  package let tasks: [JobTask]
  package let notices: [JobNotice]
  /// What happened, in its order; nothing is left of it when the files have had their time.
  package let events: [Event]
  /// What its dialect keeps with it.
  package let dialectData: String?
  /// The word that stands for the key that brought it.
  package let token: String
  /// What its clients call it and its parts by is made with these.
  package let identifiers: PublicIdentifiers

  package var job: Job { view.job }
  package var outputs: [JobView.File] { view.outputs }

  /// When anything of it changed last.
  package var changedAt: Timestamp {
    ([job.createdAt] + [job.startedAt, job.finishedAt, events.last?.createdAt].compactMap { $0 }
      + inputs.map(\.changedAt)).max() ?? job.createdAt
  }

  /// The files that a task is over.
  package func inputs(of task: JobTask) -> [File] { inputs.filter { task.isOver($0.input) } }
}

extension WholeJob {
  /// Reads what a view of the job does not say, in the same moment of the database.
  init(_ view: JobView, _ tokens: JobTokens, in database: Database) throws {
    let job = view.job
    self.view = view
    identifiers = tokens.identifiers
    token = tokens.token(ofJob: job.id)
    inputs = try Inputs.all(job: job.id, in: database).map { input in
      let createdAt = input.createdAt ?? job.createdAt
      return File(
        input: input, mediaType: WholeJob.mediaType(of: input, job), createdAt: createdAt,
        changedAt: input.changedAt ?? createdAt)
    }
    tasks = try Tasks.all(job, in: database)
    events = try Events.all(job.workspaceID, job: job.id, in: database)
    dialectData = try Jobs.dialectData(id: job.id, in: database)
    notices = JobNotice.all(view, inputs.map(\.input), tasks)
  }

  private static func mediaType(of input: Input, _ job: Job) -> String {
    Format.named(input.format ?? job.sourceFormat)?.mediaType ?? "application/octet-stream"
  }
}
