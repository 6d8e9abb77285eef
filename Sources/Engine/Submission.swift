import Basics

/// A request for a conversion in the engine's own words, whatever dialect it came in.
package struct Submission: Sendable {
  /// An uploaded file in the spool; the engine moves it away when it takes the job.
  package struct File: Sendable {
    package let path: String
    package let name: String
    package let size: Int64
    package let contentType: String?
    /// Whoever removes the file when it is let go of; it must live until the job is taken.
    let keeper: any AnyObject & Sendable

    package init(
      path: String, name: String, size: Int64, contentType: String?, keeper: any AnyObject & Sendable
    ) {
      self.path = path
      self.name = name
      self.size = size
      self.contentType = contentType
      self.keeper = keeper
    }
  }

  package var dialect: String
  /// Everything that the client said beside its files, as it said it, to know a repetition by.
  package var fields: [(name: String, value: String)]
  /// The route that an idempotency key belongs to.
  package var route: String
  package var conversionType: String
  package var from: String
  package var to: String
  package var options: [String: String]
  package var files: [File]
  /// What the client calls its files, for messages.
  package var fileField: String
  package var idempotencyKey: String?
  package var webhookURL: String?
  package var webhookSecret: String?
  /// Who gets mail when the job has ended; it has passed `MailAddress`.
  package var notificationEmail: String?

  package init(
    dialect: String, fields: [(name: String, value: String)], route: String, conversionType: String, from: String,
    to: String, options: [String: String] = [:],
    files: [File], fileField: String, idempotencyKey: String? = nil, webhookURL: String? = nil,
    webhookSecret: String? = nil
  ) {
    self.dialect = dialect
    self.fields = fields
    self.route = route
    self.conversionType = conversionType
    self.from = from
    self.to = to
    self.options = options
    self.files = files
    self.fileField = fileField
    self.idempotencyKey = idempotencyKey
    self.webhookURL = webhookURL
    self.webhookSecret = webhookSecret
  }

  /// SHA-256 over everything that makes two requests the same: the fields by name, then each file.
  ///
  /// Fields may come in another order the second time, as clients that keep them in a hash table send them.
  ///
  /// Every piece is written with its length, so that no two different requests give the same bytes.
  func fingerprint(hashes: [[UInt8]]) -> [UInt8] {
    var hash = SHA256()
    func add(_ bytes: [UInt8]) {
      hash.update(Array("\(bytes.count):".utf8))
      hash.update(bytes)
    }
    for text in [dialect, route] { add(Array(text.utf8)) }
    let sorted = fields.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
    add(Array(String(sorted.count).utf8))
    for (_, field) in sorted {
      add(Array(field.name.utf8))
      add(Array(field.value.utf8))
    }
    for (file, digest) in zip(files, hashes) {
      add(Array(file.name.utf8))
      add(Array((file.contentType ?? "").utf8))
      add(digest)
    }
    return hash.finish()
  }
}
