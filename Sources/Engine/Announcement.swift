package import Basics
package import Storage

/// Something that happened to a job, with all that a webhook may say of it and who is to be told.
package struct Announcement: Sendable {
  /// An address that came with the job.
  package struct OwnWebhook: Sendable {
    package let url: String
    package let secret: String?
  }

  package let kind: EventKind
  package let at: Timestamp
  /// How far a running job is, with progress.
  package let percent: Int64?
  package let view: JobView
  package let inputs: [String]
  package let own: OwnWebhook?
  package let endpoints: [Endpoint]
  /// The public identifier of the event; each message of it that is not the same has another part.
  package let identifier: @Sendable (_ part: Int) -> String
}

/// Words an announcement: which webhooks go out, to whom, with which bytes; it has no effect and always gives the same.
package typealias Announcer = @Sendable (Announcement) -> [NewDelivery]
