import Basics
import Storage

/// The jobs of a submission on their way into the database: what counts them, makes them wait and says that they were
/// submitted is written once for all, so that a batch of many holds the writer for half as long.
struct JobRecords {
  /// All of one workspace and one moment, each with its lane.
  let records: [JobRecord]

  /// Writes them in the caller's transaction; gives the first one's row, or 0, and whether webhooks were written with them.
  func write(
    _ lanes: LaneFinder, _ announcing: Announcing?, _ database: Database
  ) throws -> (job: Int64, isAnnounced: Bool) {
    guard let row = records.first?.row else { return (0, false) }
    if records.count == 1 { return try records[0].write(lanes, announcing, database) }
    let (workspace, now) = (row.workspaceID, row.createdAt)
    let number = try Workspaces.nextJobNumbers(workspace, count: records.count, in: database)
    let jobs = try records.enumerated().map { try $1.write(number: number + Int64($0), database) }
    for (status, records) in Dictionary(grouping: records, by: \.row.status) {
      try Usage.move(workspace, records.count, from: nil, to: status, in: database)
    }
    for (lane, jobs) in runs(of: jobs) { try Queue.insert(jobs, lane: lane, at: now, in: database) }
    guard announcing != nil else {
      try Events.insertSubmissions(of: jobs[0]...jobs[jobs.count - 1], at: now, in: database)
      return (jobs[0], false)
    }
    var isAnnounced = false
    for (record, job) in zip(records, jobs) where record.row.status != .incomplete {
      if try record.tellSubmission(of: job, announcing, database) { isAnnounced = true }
    }
    return (jobs[0], isAnnounced)
  }

  /// Neighbours of one lane; rows of one transaction follow each other.
  private func runs(of jobs: [Int64]) -> [(lane: Int, jobs: ClosedRange<Int64>)] {
    var runs: [(lane: Int, jobs: ClosedRange<Int64>)] = []
    for (record, job) in zip(records, jobs) {
      let lane = record.lane ?? 0
      if let last = runs.last, last.lane == lane {
        runs[runs.count - 1].jobs = last.jobs.lowerBound...job
      } else {
        runs.append((lane, job...job))
      }
    }
    return runs
  }
}
