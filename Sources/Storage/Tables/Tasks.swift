/// One target of a job with its options, over all or some of its files.
package struct JobTask: Sendable, Equatable {
  package let position: Int
  package let conversionType: String
  package let targetFormat: String
  /// Canonical JSON of the typed options.
  package let options: String
  /// The positions of the inputs that it is over; nil for all of them.
  package let inputs: [Int]?

  package init(position: Int, conversionType: String, targetFormat: String, options: String, inputs: [Int]? = nil) {
    self.position = position
    self.conversionType = conversionType
    self.targetFormat = targetFormat
    self.options = options
    self.inputs = inputs
  }

  /// True for a source at this position that the task is over.
  package func isOver(_ input: Input) -> Bool {
    input.role == .source && inputs?.contains(input.position) ?? true
  }
}

/// The table of tasks, which has those of a job that is more than its own only one.
package enum Tasks {
  /// Records a job's tasks, unless it is itself the only one.
  package static func insert(_ tasks: [JobTask], job: Int64, in database: Database) throws {
    guard tasks.count > 1 || tasks.contains(where: { $0.inputs != nil }) else { return }
    for task in tasks {
      try database.run(
        """
        INSERT INTO tasks (job_id, position, conversion_type, target_format, options, inputs)
        VALUES (?, ?, ?, ?, ?, ?)
        """, job, task.position, task.conversionType, task.targetFormat, task.options,
        task.inputs.map { $0.map(String.init).joined(separator: " ") })
    }
    try Jobs.add(.tasks, id: job, in: database)
  }

  /// A job's tasks in their order, at least one; only a job that has more than most costs a query.
  package static func all(_ job: Job, in database: Database) throws -> [JobTask] {
    guard job.extras.contains(.tasks) else {
      return [
        JobTask(
          position: 0, conversionType: job.conversionType, targetFormat: job.targetFormat, options: job.options)
      ]
    }
    return try database.all(
      """
      SELECT position, conversion_type, target_format, options, inputs
      FROM tasks
      WHERE job_id = ?
      ORDER BY position
      """, job.id
    ) { row in
      JobTask(
        position: row.int(0), conversionType: row.text(1), targetFormat: row.text(2), options: row.text(3),
        inputs: row.optionalText(4).map { $0.split(separator: " ").compactMap { Int($0) } })
    }
  }
}
