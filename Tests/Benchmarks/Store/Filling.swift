import Basics
import Storage

/// Fills a data directory with finished jobs whose files have had their time, and their events with them.
enum Filling {
  private static let portion = 100_000

  static func run(_ path: String, jobs: Int) throws {
    let submissions = try Submissions(directory: path)
    let store = try Store(path: path)
    defer { store.close() }
    let workspace = submissions.workspace
    // A thousand other workspaces, a tenth of all jobs is the measured one's.
    try store.writeBlocking { database in
      for number in 0..<1000 where try Workspaces.find(slug: "w\(number)", in: database) == nil {
        _ = try Workspaces.insert(
          slug: "w\(number)", name: "w", plan: "pro", at: Timestamp(milliseconds: 0), in: database)
      }
    }
    let start = Clock.system.now() - .seconds(20 * 86_400)
    for first in stride(from: 0, to: jobs, by: portion) {
      let count = min(portion, jobs - first)
      try store.writeBlocking { database in
        try database.run(
          """
          WITH RECURSIVE row (n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM row WHERE n + 1 < ?1 + ?2)
          INSERT INTO jobs (workspace_id, number, key_id, dialect, status, conversion_type, source_format,
            target_format, attempts, created_at, started_at, finished_at, run_milliseconds, files_expired_at)
          SELECT iif(n % 10 = 0, ?3, n % 1000 + 2), n, iif(n % 10 = 0, ?4, NULL), 'wonder', 'completed', 'image', 'png',
            'jpg', 1, ?5 + n / 10, ?5 + n / 10 + 5, ?5 + n / 10 + 40, 35, ?5 + n / 10 + 86400000
          FROM row
          """, first, count, workspace, submissions.key, start)
        try database.run(
          """
          INSERT INTO inputs (job_id, position, kind, file_name, size, status)
          SELECT id, 0, 'upload', 'photo.png', 80000, 'ready' FROM jobs WHERE id > ? ORDER BY id
          """, try database.first("SELECT coalesce(max(job_id), 0) FROM inputs", row: { $0.integer(0) }) ?? 0)
      }
    }
    let health = try store.health()
    print("\(jobs) jobs, \(health.databaseBytes / Int64(max(jobs, 1))) bytes a job")
  }
}
