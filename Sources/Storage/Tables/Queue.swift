package import Basics

/// A job that this process has taken, and the two numbers that fence its end.
package struct Claim: Sendable, Equatable {
  package let jobID: Int64
  package let attempt: Int
  package let bootID: String

  package init(jobID: Int64, attempt: Int, bootID: String) {
    self.jobID = jobID
    self.attempt = attempt
    self.bootID = bootID
  }
}

/// The small table of jobs that wait or run.
package enum Queue {
  /// Files of fewer bytes than this altogether make a small job.
  package static let smallBytes: Int64 = 1 << 20
  /// How long a job may be overtaken by small ones that came later.
  package static let patience = Duration.seconds(10)

  /// Makes a job wait whose files have their rows.
  package static func insert(
    _ workspace: Int64, job: Int64, lane: Int = 0, at now: Timestamp, in database: Database
  ) throws {
    try database.run(
      """
      INSERT INTO queue (job_id, workspace_id, state, ready_at, lane, is_small)
      VALUES (?, ?, 'waiting', ?, ?, (SELECT coalesce(sum(size), 0) < ? FROM inputs WHERE job_id = ?))
      """, job, workspace, now, lane, smallBytes, job)
  }

  /// Makes all jobs wait whose rows are in a range and whose files are there, in one statement: a batch may have a thousand.
  package static func insert(
    _ jobs: ClosedRange<Int64>, lane: Int, at now: Timestamp, in database: Database
  ) throws {
    try database.run(
      """
      INSERT INTO queue (job_id, workspace_id, state, ready_at, lane, is_small)
      SELECT id, workspace_id, 'waiting', ?, ?, (SELECT coalesce(sum(size), 0) < ? FROM inputs WHERE job_id = jobs.id)
      FROM jobs
      WHERE id BETWEEN ? AND ? AND status = 'pending'
      ORDER BY id
      """, now, lane, smallBytes, jobs.lowerBound, jobs.upperBound)
  }

  /// Puts jobs of lanes that nobody serves any more into the first one.
  package static func leave(lanesAbove lane: Int, in database: Database) throws {
    try database.run("UPDATE queue SET lane = 0 WHERE lane > ?", lane)
  }

  /// The job of a lane whose turn it is after `workspace`, which was served last: workspaces take turns.
  ///
  /// In a workspace the oldest small job goes first, unless the oldest of all has lost its patience. One that waits since
  /// a time to come was there before the clock was set back.
  package static func nextWaiting(
    after workspace: Int64, lane: Int = 0, at now: Timestamp, in database: Database
  ) throws -> (
    job: Int64, workspace: Int64, isSmall: Bool
  )? {
    let oldest = try database.first(
      """
      SELECT job_id, workspace_id, is_small OR ready_at <= ? OR ready_at > ?, is_small
      FROM queue
      WHERE state = 'waiting' AND lane = ? AND workspace_id > ?
      ORDER BY workspace_id, job_id
      LIMIT 1
      """, now - patience, now, lane, workspace,
      row: { (job: $0.integer(0), workspace: $0.integer(1), isNext: $0.flag(2), isSmall: $0.flag(3)) })
    guard let oldest else { return nil }
    let small =
      try oldest.isNext
      ? nil
      : database.first(
        """
        SELECT job_id
        FROM queue
        WHERE state = 'waiting' AND is_small = 1 AND lane = ? AND workspace_id = ?
        ORDER BY job_id
        LIMIT 1
        """, lane, oldest.workspace, row: { $0.integer(0) })
    return (small ?? oldest.job, oldest.workspace, small != nil || oldest.isSmall)
  }

  /// True when no job but this one waits or runs.
  package static func isAlone(_ job: Int64, in database: Database) throws -> Bool {
    try database.first(
      """
      SELECT NOT EXISTS (SELECT 1 FROM queue WHERE state = 'waiting' AND job_id <> ?)
        AND NOT EXISTS (SELECT 1 FROM queue WHERE state = 'running' AND job_id <> ?)
      """, job, job, row: { $0.flag(0) }) ?? false
  }

  /// True when a job waits in the lane, whether or not it may be taken.
  package static func hasWaiting(lane: Int, in database: Database) throws -> Bool {
    try database.first(
      "SELECT EXISTS (SELECT 1 FROM queue WHERE state = 'waiting' AND lane = ?)", lane, row: { $0.flag(0) }) ?? false
  }

  /// False when as many jobs of a workspace run as its plan allows.
  package static func mayRunOneMore(_ workspace: Int64, in database: Database) throws -> Bool {
    try database.first(
      """
      SELECT coalesce(
        (SELECT count(*) FROM queue WHERE state = 'running' AND workspace_id = workspaces.id) < plans.concurrent_jobs, 1)
      FROM workspaces
      JOIN plans ON plans.name = workspaces.plan
      WHERE workspaces.id = ?
      """, workspace, row: { $0.flag(0) }) ?? true
  }

  /// Makes delayed jobs wait whose time has come; gives how many.
  ///
  /// No delay is longer than `longestDelay`, so a job that is due later than that was delayed before the clock was set
  /// back, and has waited long enough.
  @discardableResult
  package static func releaseDelayed(at now: Timestamp, in database: Database) throws -> Int {
    try database.run(
      """
      UPDATE queue
      SET state = 'waiting'
      WHERE state = 'delayed' AND (ready_at <= ? OR ready_at > ?)
      """, now, now + longestDelay)
    return database.changes
  }

  /// Moves the times of delayed jobs with a clock that was set, so that each waits as long as it should.
  package static func moveDelayed(by span: Duration, in database: Database) throws {
    try database.run("UPDATE queue SET ready_at = max(0, ready_at + ?) WHERE state = 'delayed'", span.milliseconds)
  }

  package static let longestDelay = Duration.seconds(300)

  /// When the next delayed job is due, or nil when there is none.
  package static func nextDelayed(in database: Database) throws -> Timestamp? {
    try database.first(
      "SELECT ready_at FROM queue WHERE state = 'delayed' ORDER BY ready_at LIMIT 1", row: { $0.moment(0) })
  }

  /// Takes a waiting job for one attempt, or gives nil when it no longer waits.
  package static func claim(job: Int64, bootID: String, in database: Database) throws -> Claim? {
    try database.first(
      """
      UPDATE queue
      SET state = 'running', attempt = attempt + 1, boot_id = ?
      WHERE job_id = ? AND state = 'waiting'
      RETURNING attempt
      """, bootID, job, row: { Claim(jobID: job, attempt: $0.int(0), bootID: bootID) })
  }

  /// Ends a claim; false when another attempt or process has taken the job meanwhile, or it was canceled.
  package static func finish(_ claim: Claim, in database: Database) throws -> Bool {
    try database.run(
      """
      DELETE FROM queue
      WHERE job_id = ? AND attempt = ? AND boot_id = ? AND state = 'running'
      """, claim.jobID, claim.attempt, claim.bootID)
    return database.changes == 1
  }

  /// True while a claim is the one that counts.
  package static func holds(_ claim: Claim, in database: Database) throws -> Bool {
    try database.first(
      """
      SELECT 1
      FROM queue
      WHERE job_id = ? AND attempt = ? AND boot_id = ? AND state = 'running'
      """, claim.jobID, claim.attempt, claim.bootID, row: { _ in true }) ?? false
  }

  /// Takes a job out of the queue whatever its state, so that no claim on it holds any more.
  package static func remove(job: Int64, in database: Database) throws {
    try database.run("DELETE FROM queue WHERE job_id = ?", job)
  }

  /// Gives a claim back to the queue, to be taken again at once; false as for `finish`.
  package static func giveBack(_ claim: Claim, in database: Database) throws -> Bool {
    try database.run(
      """
      UPDATE queue
      SET state = 'waiting', boot_id = NULL
      WHERE job_id = ? AND attempt = ? AND boot_id = ? AND state = 'running'
      """, claim.jobID, claim.attempt, claim.bootID)
    return database.changes == 1
  }

  /// Gives a claim back to the queue until `moment`; false as for `finish`.
  package static func delay(_ claim: Claim, until moment: Timestamp, in database: Database) throws -> Bool {
    try database.run(
      """
      UPDATE queue
      SET state = 'delayed', boot_id = NULL, ready_at = ?
      WHERE job_id = ? AND attempt = ? AND boot_id = ? AND state = 'running'
      """, moment, claim.jobID, claim.attempt, claim.bootID)
    return database.changes == 1
  }

  /// Counts a fault of ours on this job, and gives how many there were; nil when the claim is no longer ours.
  package static func countFault(_ claim: Claim, in database: Database) throws -> Int? {
    try database.first(
      """
      UPDATE queue
      SET faults = faults + 1
      WHERE job_id = ? AND attempt = ? AND boot_id = ? AND state = 'running'
      RETURNING faults
      """, claim.jobID, claim.attempt, claim.bootID, row: { $0.int(0) })
  }

  /// Counts a converter that died on this job, and gives how many have; nil when the claim is no longer ours.
  package static func countWorkerDeath(_ claim: Claim, in database: Database) throws -> Int? {
    try database.first(
      """
      UPDATE queue
      SET worker_deaths = worker_deaths + 1
      WHERE job_id = ? AND attempt = ? AND boot_id = ? AND state = 'running'
      RETURNING worker_deaths
      """, claim.jobID, claim.attempt, claim.bootID, row: { $0.int(0) })
  }

  /// A job that was taken so often and never ended may be what ends the server.
  package static let doubtful = 10

  /// Jobs that an earlier process had taken and never ended become waiting again; gives their numbers.
  ///
  /// A doubtful one waits for `longestDelay`, so that others are done meanwhile whatever it does.
  package static func recover(bootID: String, at now: Timestamp, in database: Database) throws -> [Int64] {
    try database.all(
      """
      UPDATE queue
      SET state = iif(attempt < ?1, 'waiting', 'delayed'), ready_at = iif(attempt < ?1, ready_at, ?2), boot_id = NULL
      WHERE state = 'running' AND boot_id <> ?3
      RETURNING job_id
      """, doubtful, now + longestDelay, bootID, row: { $0.integer(0) })
  }

  /// The jobs that wait, by workspace, counted in the index.
  static func waiting(in database: Database) throws -> [Int64: Int] {
    let counts = try database.all(
      "SELECT workspace_id, count(*) FROM queue WHERE state = 'waiting' GROUP BY lane, workspace_id",
      row: { ($0.integer(0), $0.int(1)) })
    return Dictionary(counts, uniquingKeysWith: +)
  }

  /// Jobs that wait, the delayed ones included.
  package static func countWaiting(in database: Database) throws -> Int {
    try database.first("SELECT count(*) FROM queue WHERE state <> 'running'", row: { $0.int(0) }) ?? 0
  }

  package static func countRunning(in database: Database) throws -> Int {
    try database.first("SELECT count(*) FROM queue WHERE state = 'running'", row: { $0.int(0) }) ?? 0
  }
}
