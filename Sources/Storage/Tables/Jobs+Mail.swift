extension Jobs {
  /// Who gets mail when a job has ended.
  package static func notificationEmail(id: Int64, in database: Database) throws -> String? {
    try database.first("SELECT notification_email FROM jobs WHERE id = ?", id, row: { $0.optionalText(0) }) ?? nil
  }
}

extension Batches {
  /// A task as mail about its batch shows it: its address or file name, its state, and the name of its output.
  package struct MailedTask: Sendable, Equatable {
    package let source: String
    package let status: JobStatus
    package var output: String?
  }

  /// The tasks of a batch in their order.
  ///
  /// The outputs of one that was packed belong to the packing job by then, in the order of their tasks; when a task had
  /// more than one, nobody can tell whose they are, and none is named.
  package static func mailedTasks(_ batch: Batch, in database: Database) throws -> [MailedTask] {
    var tasks = try database.all(
      """
      SELECT coalesce(inputs.source, inputs.file_name), jobs.status,
        (SELECT file_name FROM outputs WHERE job_id = jobs.id ORDER BY position LIMIT 1)
      FROM jobs
      JOIN inputs ON inputs.job_id = jobs.id AND inputs.position = 0
      WHERE batch_id = ?
      ORDER BY jobs.id
      """, batch.id
    ) { row in
      MailedTask(source: row.text(0), status: try row.word(1), output: row.optionalText(2))
    }
    guard let archive = batch.archiveJobID else { return tasks }
    let packed = try Inputs.all(job: archive, in: database).map(\.fileName)
    let done = tasks.indices.filter { tasks[$0].status == .completed }
    if packed.count == done.count { for (index, name) in zip(done, packed) { tasks[index].output = name } }
    return tasks
  }
}

extension Workspaces {
  /// Whether a workspace has not turned mail about jobs off, and whether its plan has it.
  package static func mailSwitch(_ workspace: Int64, in database: Database) throws -> (isOn: Bool, isAllowed: Bool) {
    try database.first(
      """
      SELECT sends_mail, allows_mail
      FROM workspaces
      JOIN plans ON plans.name = workspaces.plan
      WHERE workspaces.id = ?
      """, workspace, row: { ($0.flag(0), $0.flag(1)) }) ?? (false, false)
  }

  package static func setSendsMail(_ workspace: Int64, _ isOn: Bool, in database: Database) throws {
    try database.run("UPDATE workspaces SET sends_mail = ? WHERE id = ?", isOn, workspace)
  }
}
