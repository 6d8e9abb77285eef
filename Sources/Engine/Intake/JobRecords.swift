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
    let jobs = try runs(of: \.row).flatMap { places in
      let number = number + Int64(places.lowerBound)
      return try Jobs.insert(records[places.lowerBound].row, number: number, count: places.count, in: database)
    }
    for (record, job) in zip(records, jobs) { try record.writeParts(of: job, database) }
    for (status, records) in Dictionary(grouping: records, by: \.row.status) {
      try Usage.move(workspace, records.count, from: nil, to: status, in: database)
    }
    // Rows of one transaction follow each other.
    for places in runs(of: \.lane) {
      let range = jobs[places.lowerBound]...jobs[places.upperBound - 1]
      try Queue.insert(range, lane: records[places.lowerBound].lane ?? 0, at: now, in: database)
    }
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

  /// The places of neighbours that have the same value.
  private func runs(of value: (JobRecord) -> some Equatable) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for place in records.indices {
      if let last = runs.last, value(records[last.lowerBound]) == value(records[place]) {
        runs[runs.count - 1] = last.lowerBound..<place + 1
      } else {
        runs.append(place..<place + 1)
      }
    }
    return runs
  }
}
