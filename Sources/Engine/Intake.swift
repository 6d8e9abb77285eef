import Basics
import Conversion
import Glibc
package import Storage

/// Takes a submission: checks it, puts its files in place, and records the job in one transaction.
package struct Intake: Sendable {
  /// A job that was taken now, or the earlier one that the same idempotency key made.
  package struct Receipt: Sendable, Equatable {
    package let jobID: Int64
    package let isReplay: Bool
    /// True when webhooks about it were written with it.
    var isAnnounced = false
  }

  private let store: Store
  private let catalogue: Catalogue
  private let blocking: Blocking
  private let clock: Clock
  private let bell: Doorbell
  private let announcing: Announcing?

  /// `bell` is rung for every job that is taken.
  init(
    store: Store, catalogue: Catalogue, blocking: Blocking, clock: Clock, bell: Doorbell, announcing: Announcing?
  ) {
    self.announcing = announcing
    self.store = store
    self.catalogue = catalogue
    self.blocking = blocking
    self.clock = clock
    self.bell = bell
  }

  /// Throws a `Refusal` when no job can be taken at the moment; asked before a body is read, so that a client that would
  /// be refused need not send it.
  package func requireRoom() throws {
    if store.hasStoppedWriting { throw Refusal.storageUnavailable }
    switch try store.shortage() {
    case .disk: throw Refusal.storageFull
    case .queue: throw Refusal.queueFull
    case nil: return
    }
  }

  /// Stores the job durably before it returns; throws a `Refusal` for whatever the client can mend.
  ///
  /// On any error the files are still in the spool or gone, and nothing else remains; only when the disk fails within the
  /// commit the job may be there after the next start, so its files stay.
  package func submit(_ submission: Submission, by holder: KeyHolder) async throws -> Receipt {
    try await submit(submission, by: Submitter(holder))
  }

  /// The same for anybody who may submit.
  package func submit(_ submission: Submission, by submitter: Submitter) async throws -> Receipt {
    try requireRoom()
    let wish = try check(submission)
    if submission.webhookURL != nil { try store.read { try Feature.webhooks.check(submitter.plan, in: $0) } }
    if let key = submission.idempotencyKey { try Intake.checkKey(key) }
    let (fingerprint, hashes) = try await blocking.run { try inspect(submission, wish) }
    if let fingerprint, let earlier = try store.read({ try replay(submission, fingerprint, submitter, $0) }) {
      return earlier
    }
    let blobs = try await blocking.run { try store.blobs.place(submission.files.map(\.path)) }
    do {
      let receipt = try await store.write { database in
        if let fingerprint, let earlier = try replay(submission, fingerprint, submitter, database) { return earlier }
        return try record(submission, wish, submitter, blobs: blobs, hashes: hashes, fingerprint, database)
      }
      Failpoint.pass(.beforeAnswer)
      if receipt.isReplay { store.blobs.remove(blobs) } else { bell.ring() }
      if receipt.isAnnounced { announcing?.ring() }
      return receipt
    } catch {
      if !store.hasStoppedWriting { store.blobs.remove(blobs) }
      throw error
    }
  }

  /// What a submission comes down to when all its fields are right.
  private struct Wish: Sendable {
    let from: Format
    let to: Format
    let options: String
  }

  /// Collects everything that is wrong, so that a client can mend it at once.
  private func check(_ submission: Submission) throws -> Wish {
    var wrong: [Refusal.Field] = []
    let names = catalogue.sources.map(\.name).joined(separator: ", ")
    let from = Format.named(submission.from)
    if from.map({ catalogue.formats(from: $0).isEmpty }) ?? true {
      wrong.append(.init("from", "\"\(submission.from)\" cannot be read here; the formats are \(names)"))
    }
    let targets = from.map(catalogue.formats) ?? []
    let to = Format.named(submission.to)
    if let from, !targets.isEmpty, to.map({ !targets.contains($0) }) ?? true {
      let offered = targets.map(\.name).joined(separator: ", ")
      wrong.append(.init("to", "\"\(submission.to)\" cannot be made of \(from.name); the formats are \(offered)"))
    }
    if submission.files.isEmpty { wrong.append(.init(submission.fileField, "at least one file is required")) }
    guard wrong.isEmpty, let from, let to else {
      let isPair = wrong.allSatisfy { $0.name == "from" || $0.name == "to" }
      throw (isPair ? Refusal.unsupportedConversion : Refusal.invalidFields).naming(wrong)
    }
    let types = Format.Category.allCases.map(\.rawValue)
    if submission.conversionType != from.category.rawValue && submission.conversionType != to.category.rawValue {
      let problem = "\"\(submission.conversionType)\" does not fit \(from.name) to \(to.name); "
      let valid = types.contains(submission.conversionType) ? from.category.rawValue : types.joined(separator: ", ")
      throw Refusal.invalidFields.naming([.init("conversion_type", problem + "valid: \(valid)")])
    }
    do {
      return Wish(from: from, to: to, options: try ConversionOptions(submission.options).json.text)
    } catch let failure {
      throw Refusal.invalidFields.naming([
        .init("options[\(failure.option)]", "\(failure.problem); valid: \(failure.validValues)")
      ])
    }
  }

  /// 1 to 255 visible ASCII characters; never shortened.
  private static func checkKey(_ key: String) throws {
    let isVisible = key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard isVisible, (1...255).contains(key.utf8.count) else { throw Refusal.badIdempotencyKey }
  }

  /// Looks at the first bytes of each file, and hashes the files when the fingerprint is needed.
  private func inspect(_ submission: Submission, _ wish: Wish) throws -> (fingerprint: [UInt8]?, hashes: [[UInt8]]) {
    var wrong: [Refusal.Field] = []
    for file in submission.files {
      let type = Sniffer.type(of: try FileBytes.read(file.path, atMost: Sniffer.sampleSize))
      if type.format != wish.from {
        let name = FileNames.clean(file.name)
        wrong.append(
          .init(submission.fileField, "\(name) was declared as \(wish.from.title) but is \(type.description)"))
      }
    }
    guard wrong.isEmpty else { throw Refusal.invalidFile.naming(wrong) }
    guard submission.idempotencyKey != nil else { return (nil, []) }
    let hashes = try submission.files.map { try FileHash.sha256($0.path) }
    return (submission.fingerprint(hashes: hashes), hashes)
  }

  private func replay(_ submission: Submission, _ fingerprint: [UInt8], _ submitter: Submitter, _ database: Database)
    throws -> Receipt?
  {
    guard let key = submission.idempotencyKey,
      let entry = try Idempotency.find(
        submitter.workspace.id, route: submission.route, key: key, at: clock.now(), in: database)
    else { return nil }
    guard entry.fingerprint == fingerprint else { throw Refusal.idempotencyMismatch }
    return Receipt(jobID: entry.jobID, isReplay: true)
  }

  private func record(
    _ submission: Submission, _ wish: Wish, _ submitter: Submitter, blobs: [String], hashes: [[UInt8]],
    _ fingerprint: [UInt8]?, _ database: Database
  ) throws -> Receipt {
    let now = clock.now()
    let workspace = submitter.workspace.id
    let bytes = submission.files.reduce(0) { $0 + $1.size }
    try Quota.check(submitter, adding: bytes, at: now, in: database)
    let job = try Jobs.insert(
      NewJob(
        workspaceID: workspace, keyID: submitter.keyID, dialect: submission.dialect,
        conversionType: submission.conversionType, sourceFormat: submission.from, targetFormat: submission.to,
        options: wish.options, idempotencyKey: submission.idempotencyKey, webhookURL: submission.webhookURL,
        webhookSecret: submission.webhookSecret, createdAt: now), in: database)
    for (position, file) in submission.files.enumerated() {
      try Inputs.insert(
        job: job, position: position, fileName: FileNames.clean(file.name), blob: blobs[position], size: file.size,
        sha256: hashes.isEmpty ? nil : hashes[position], in: database)
    }
    try Queue.insert(workspace, job: job, at: now, in: database)
    let event = try Events.insert(workspace, job: job, .submitted, at: now, in: database)
    let isAnnounced = try announcing?.write(event, job: job, at: now, in: database) ?? false
    try Usage.move(workspace, from: nil, to: .pending, in: database)
    try Usage.add(
      workspace, origin: submitter.origin, jobs: 1, files: submission.files.count, bytes: bytes, at: now, in: database)
    try Usage.addStored(workspace, bytes, in: database)
    try Activity.add(workspace, submitted: 1, at: now, in: database)
    if let key = submission.idempotencyKey, let fingerprint {
      try Idempotency.insert(
        workspace, route: submission.route, key: key, job: job, fingerprint: fingerprint, at: now, in: database)
    }
    return Receipt(jobID: job, isReplay: false, isAnnounced: isAnnounced)
  }
}
