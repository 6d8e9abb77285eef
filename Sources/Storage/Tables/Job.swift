package import Basics

/// A job as it is stored.
package struct Job: Sendable, Equatable {
  package let id: Int64
  package let workspaceID: Int64
  /// The workspace's own running number, `job_id` in answers.
  package let number: Int64
  package let dialect: String
  package let status: JobStatus
  package let conversionType: String
  package let sourceFormat: String
  package let targetFormat: String
  /// Canonical JSON of the typed options.
  package let options: String
  package let idempotencyKey: String?
  package let webhookURL: String?
  package let attempts: Int
  package let errorCode: String?
  package let errorMessage: String?
  package let createdAt: Timestamp
  /// When it was first taken from the queue.
  package let startedAt: Timestamp?
  /// The time that workers spent on all attempts.
  package let run: Duration
  package let finishedAt: Timestamp?
  /// The batch that it is a task of.
  package var batchID: Int64?
  /// True when its outputs become one ZIP archive.
  package var packsOutputs = false
  /// The key it came with; nil when somebody submitted it on the pages, or the key is gone.
  package var keyID: Int64?
  /// True when its address is told of every change, and not of its end alone.
  package var tellsEveryChange = false
  /// What there is of it beside its row.
  package var extras: JobExtras = []
}

/// What a new job is made of.
package struct NewJob: Sendable, Equatable {
  package var workspaceID: Int64
  package var keyID: Int64?
  package var batchID: Int64?
  package var status = JobStatus.pending
  package var dialect: String
  package var conversionType: String
  package var sourceFormat: String
  package var targetFormat: String
  package var options: String
  package var packsOutputs = false
  package var idempotencyKey: String?
  package var webhookURL: String?
  package var webhookSecret: String?
  package var tellsEveryChange = false
  package var notificationEmail: String?
  package var createdAt: Timestamp

  package init(
    workspaceID: Int64, keyID: Int64? = nil, dialect: String, conversionType: String, sourceFormat: String,
    targetFormat: String, options: String = "{}", idempotencyKey: String? = nil, webhookURL: String? = nil,
    webhookSecret: String? = nil, notificationEmail: String? = nil, createdAt: Timestamp
  ) {
    self.workspaceID = workspaceID
    self.keyID = keyID
    self.dialect = dialect
    self.conversionType = conversionType
    self.sourceFormat = sourceFormat
    self.targetFormat = targetFormat
    self.options = options
    self.idempotencyKey = idempotencyKey
    self.webhookURL = webhookURL
    self.webhookSecret = webhookSecret
    self.notificationEmail = notificationEmail
    self.createdAt = createdAt
  }
}
