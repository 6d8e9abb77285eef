import Basics
import Storage

/// Places that the workspace keeps, in what is submitted: each is looked up once, and what opens it becomes the job's own.
extension Intake {
  /// With the places that the workspace keeps in place of their names.
  ///
  /// Throws `Refusal.invalidFields` that names each that is not there, with those that are, and `keyNeeded` to who has the
  /// token of a job, which opens no more than the job.
  func openingStorages(_ submission: Submission, _ submitter: Submitter) throws -> Submission {
    guard submission.namesStorages else { return submission }
    guard !submitter.hasJobToken else { throw Refusal.keyNeeded }
    var submission = submission
    var wrong = WrongFields()
    try store.read { database in
      let lookUp = try StorageLookUp(submitter.workspace.id, database)
      for (number, source) in submission.sources.enumerated() {
        submission.sources[number] = try lookUp.open(source, .address(of: number), &wrong)
      }
      submission.overlay = try submission.overlay.map { try lookUp.open($0, .overlayAddress, &wrong) }
      for (number, target) in submission.targets.enumerated() {
        let spot = try lookUp.open(target.spot, .output(of: number), &wrong)
        submission.targets[number] = OutputTarget(spot, task: target.task)
      }
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return submission
  }

  /// The same of one file.
  func openingStorages(_ source: Submission.Source, _ submitter: Submitter) throws -> Submission.Source {
    let source = source.takingShortForm
    guard case .cloud(let file) = source, case .kept = file.spot else { return source }
    guard !submitter.hasJobToken else { throw Refusal.keyNeeded }
    var wrong = WrongFields()
    let opened = try store.read { database in
      try StorageLookUp(submitter.workspace.id, database).open(source, .address(of: 0), &wrong)
    }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return opened
  }
}

/// What one workspace keeps, in one transaction.
private struct StorageLookUp {
  let workspace: Int64
  let database: Database
  let storages: [KeptStorage]

  init(_ workspace: Int64, _ database: Database) throws {
    self.workspace = workspace
    self.database = database
    storages = try Storages.all(workspace, in: database)
  }

  func open(
    _ source: Submission.Source, _ subject: Refusal.Subject, _ wrong: inout WrongFields
  ) throws -> Submission.Source {
    guard case .cloud(let file) = source else { return source }
    return .cloud(CloudFile(try open(file.spot, subject, &wrong), name: file.name))
  }

  /// The same place where it cannot be opened, which is wrong then.
  func open(_ spot: CloudSpot, _ subject: Refusal.Subject, _ wrong: inout WrongFields) throws -> CloudSpot {
    guard case .kept(let place) = spot else { return spot }
    do {
      return try place.opened(among: storages) { name in
        try Storages.credentials(workspace, name: name, in: database).flatMap(CloudCredentials.init(text:))
      }
    } catch let missing as KeptPlace.Missing {
      wrong.append(
        place.name.map { .field("\($0).\(missing.member)") } ?? subject, missing.problem)
      return spot
    }
  }
}

extension Submission {
  fileprivate var namesStorages: Bool {
    let sources = (sources + [overlay].compactMap(\.self)).compactMap { source in
      if case .cloud(let file) = source { file.spot } else { nil }
    }
    return (sources + targets.map(\.spot)).contains { if case .kept = $0 { true } else { false } }
  }

  /// With the places that S3's short form means, wherever an address is taken.
  func takingShortForms() -> Submission {
    var submission = self
    submission.sources = sources.map(\.takingShortForm)
    submission.overlay = overlay?.takingShortForm
    return submission
  }
}

extension Submission.Source {
  fileprivate var takingShortForm: Submission.Source {
    guard case .address(let address, let name) = self, let place = KeptPlace(address: address) else { return self }
    return .cloud(CloudFile(.kept(place), name: name))
  }
}
