import Basics
import Formats
import Storage

/// The rows of one job, written in the transaction that takes it.
struct JobRecord: Sendable {
  var row: NewJob
  /// Each with its position.
  var inputs: [(input: NewInput, position: Int)]
  var tasks: [JobTask]
  var secrets: [JobSecret] = []
  /// Codes over what its outputs may be downloaded with.
  var passwords: [[UInt8]] = []
  /// Where its outputs go, too.
  var targets: [NewTarget] = []
  /// What is stored of it.
  var storing: StoreWish?
  /// What its dialect keeps with it.
  var dialectData: String?
  var extras: JobExtras = []
  /// The largest file that may be fetched for it, in bytes.
  var mostBytes: Int64
  /// Nil where only its rows tell.
  var lane: Int?

  /// Writes them in the caller's transaction; gives the job's row and whether webhooks were written with it.
  func write(
    _ lanes: LaneFinder, _ announcing: Announcing?, _ database: Database
  ) throws -> (job: Int64, isAnnounced: Bool) {
    let (workspace, now) = (row.workspaceID, row.createdAt)
    let job = try Jobs.insert(row, in: database)
    try writeParts(of: job, database)
    try Usage.move(workspace, from: nil, to: row.status, in: database)
    // It is submitted when it is started.
    guard row.status != .incomplete else { return (job, false) }
    if row.status == .pending {
      try Queue.insert(workspace, job: job, lane: lane ?? found(job, lanes, database), at: now, in: database)
    }
    return (job, try tellSubmission(of: job, announcing, database))
  }

  /// Writes the rows that belong to the job's own, and nothing that counts it or makes it wait.
  func writeParts(of job: Int64, _ database: Database) throws {
    for (input, position) in inputs {
      let id = try Inputs.insert(input, job: job, position: position, in: database)
      try Downloads.insert(
        input.content, input: id, job: job, workspace: row.workspaceID, mostBytes: mostBytes, in: database)
    }
    try Tasks.insert(tasks, job: job, in: database)
    if let dialectData { try Jobs.setDialectData(id: job, dialectData, in: database) }
    if !extras.isEmpty { try Jobs.add(extras, id: job, in: database) }
    try Secrets.insert(secrets, job: job, in: database)
    try Targets.insert(targets, job: job, in: database)
    if let storing { try StoreWishes.insert(storing, job: job, in: database) }
    try DownloadPasswords.insert(passwords, job: job, in: database)
  }

  /// Writes that it was submitted; true when webhooks were written with it.
  func tellSubmission(of job: Int64, _ announcing: Announcing?, _ database: Database) throws -> Bool {
    let event = try Events.insert(row.workspaceID, job: job, .submitted, at: row.createdAt, in: database)
    return try announcing?.write(event, job: job, at: row.createdAt, in: database) ?? false
  }

  private func found(_ job: Int64, _ lanes: LaneFinder, _ database: Database) throws -> Int {
    try Jobs.load(id: job, in: database).map { try lanes.lane(of: $0, in: database).rawValue } ?? 0
  }
}
