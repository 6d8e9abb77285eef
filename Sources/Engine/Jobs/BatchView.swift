import Basics
package import Storage

/// A batch as every dialect sees it: the row, some of its tasks, and the link to its archive.
package struct BatchView: Sendable {
  /// One file on its way.
  package struct Task: Sendable {
    package let fileName: String
    /// The address that it came by, or that of its page.
    package var address: String?
    /// What the archive has of it.
    package var packed: (name: String, size: Int64)?
    package let view: JobView
  }

  package let batchID: String
  package let workspace: String
  package let batch: Batch
  package let tasks: [Task]
  /// Where the next page of tasks begins, or nil on the last one.
  package let next: String?
  package let archive: JobView.File?
  /// Where its jobs come from, when that is a web site.
  package var site: Site?
}

extension BatchView {
  /// Reads what the tables say of a batch; the tasks are those after row `after`, at most `limit`.
  init(
    _ batch: Batch, workspace: (slug: String, retention: Duration?), after: Int64 = 0, limit: Int, links: Links,
    _ identifiers: PublicIdentifiers, in database: Database
  ) throws {
    func view(_ job: Job) throws -> JobView {
      try JobView(
        job, requestID: identifiers.text(.request, job.id), workspace: workspace.slug, retention: workspace.retention,
        links: links, in: database)
    }
    let rows = limit == 0 ? [] : try Batches.jobs(batch.id, after: after, limit: limit + 1, in: database)
    var tasks = try rows.prefix(limit).compactMap { id -> Task? in
      guard let job = try Jobs.load(id: id, in: database) else { return nil }
      let input = try Inputs.all(job: id, in: database).first
      return Task(fileName: input?.fileName ?? "", address: input?.address, view: try view(job))
    }
    let archive = try batch.archiveJobID.flatMap { try Jobs.load(id: $0, in: database) }
    if let archive, tasks.count == batch.total {
      // Their outputs are its inputs by then; when a task had more than one, nobody can tell whose they are.
      let packed = try Inputs.all(job: archive.id, in: database)
      let done = tasks.indices.filter { tasks[$0].view.job.status == .completed }
      if packed.count == done.count {
        for (index, input) in zip(done, packed) { tasks[index].packed = (input.fileName, input.size ?? 0) }
      }
    }
    self.init(
      batchID: identifiers.text(.batch, batch.id), workspace: workspace.slug, batch: batch, tasks: tasks,
      next: rows.count > limit && limit > 0 ? tasks.last?.view.requestID : nil,
      archive: try archive.flatMap { try view($0).outputs.first },
      site: batch.isOpen == nil ? nil : try Sites.find(batch: batch.id, in: database))
  }
}
