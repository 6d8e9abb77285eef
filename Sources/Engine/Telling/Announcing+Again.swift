import Basics
import Storage

/// What was told before, worded anew.
extension Announcing {
  /// The same webhook as it would be worded now; nil when what it tells of is gone, or its files are.
  func reworded(_ delivery: NewDelivery, to endpoint: Endpoint?, in database: Database) throws -> NewDelivery? {
    let endpoints = endpoint.map { [$0] } ?? []
    func same(_ others: [NewDelivery]) -> NewDelivery? {
      others.first {
        $0.eventID == delivery.eventID && $0.event == delivery.event && $0.endpointID == delivery.endpointID
      }
    }
    if let file = try storedFile(delivery, in: database) {
      return same(try render(stored: file, endpoints: endpoints, in: database))
    }
    if let row = delivery.jobID {
      guard let job = try Jobs.load(id: row, in: database) else { return nil }
      for event in try events(of: job, delivery, in: database) {
        if let found = same(try render(event, job, endpoints: endpoints, in: database)) { return found }
      }
      return nil
    }
    guard let row = delivery.batchID, let batch = try Batches.load(id: row, in: database),
      let event = try end(of: batch, delivery, in: database), try hasFiles(batch, in: database)
    else { return nil }
    return same(try render(event, batch, endpoints: endpoints, in: database))
  }

  /// The file whose storing a webhook tells of, while it is there.
  private func storedFile(_ delivery: NewDelivery, in database: Database) throws -> StoredFile? {
    guard let workspace = delivery.workspaceID, let name = delivery.requestID,
      let row = store.identifiers.row(.storedFile, name), identifier(ofFile: row) == delivery.eventID
    else { return nil }
    return try StoredFiles.find(workspace, id: row, in: database)
  }

  /// What happened to a job, the newest first, and before it the step of its batch that a webhook tells of.
  private func events(of job: Job, _ delivery: NewDelivery, in database: Database) throws -> [Event] {
    let own: [Event] = try Events.all(job.workspaceID, job: job.id, in: database).reversed()
    // They go with its files.
    guard !own.isEmpty, let batch = job.batchID else { return own }
    let steps = try Events.all(job.workspaceID, batch: batch, in: database).filter { event in
      // It was written with the end of the job, and has no second message.
      event.kind == .progress && event.createdAt == job.finishedAt && identifiers.text(event.id) == delivery.eventID
    }
    return steps + own
  }

  /// The end of a batch that a webhook tells of; an end has two messages at most.
  private func end(of batch: Batch, _ delivery: NewDelivery, in database: Database) throws -> Event? {
    try Events.all(batch.workspaceID, batch: batch.id, in: database).last { event in
      event.kind.isFinal && (0...1).contains { identifiers.text(event.id, part: $0) == delivery.eventID }
    }
  }

  /// False when all files of a batch have gone, so that nothing new can be said of them.
  private func hasFiles(_ batch: Batch, in database: Database) throws -> Bool {
    if let archive = batch.archiveJobID { return try Jobs.filesExpired(id: archive, in: database) == nil }
    return try Batches.jobs(batch.id, in: database).contains { try Jobs.filesExpired(id: $0, in: database) == nil }
  }
}
