import Basics

/// A request for a conversion in the engine's own words, whatever dialect it came in.
package struct Submission: Sendable {
  /// An uploaded file in the spool; the engine moves it away when it takes the job.
  package struct File: Sendable {
    package let path: String
    package let name: String
    package let size: Int64
    /// Whoever removes the file when it is let go of; it must live until the job is taken.
    let keeper: any AnyObject & Sendable

    package init(path: String, name: String, size: Int64, keeper: any AnyObject & Sendable) {
      self.path = path
      self.name = name
      self.size = size
      self.keeper = keeper
    }
  }

  package var dialect: String
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

  package init(
    dialect: String, route: String, conversionType: String, from: String, to: String, options: [String: String] = [:],
    files: [File], fileField: String, idempotencyKey: String? = nil, webhookURL: String? = nil,
    webhookSecret: String? = nil
  ) {
    self.dialect = dialect
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

  /// SHA-256 over everything that makes two requests the same: fields in a fixed order, then each file.
  ///
  /// Every piece is written with its length, so that no two different requests give the same bytes.
  func fingerprint(hashes: [[UInt8]]) -> [UInt8] {
    var hash = SHA256()
    func add(_ bytes: [UInt8]) {
      hash.update(Array("\(bytes.count):".utf8))
      hash.update(bytes)
    }
    for field in [dialect, route, conversionType, from, to, webhookURL ?? "", webhookSecret ?? ""] {
      add(Array(field.utf8))
    }
    for (name, value) in options.sorted(by: { $0.key < $1.key }) {
      add(Array(name.utf8))
      add(Array(value.utf8))
    }
    for (file, digest) in zip(files, hashes) {
      add(Array(file.name.utf8))
      add(digest)
    }
    return hash.finish()
  }
}
