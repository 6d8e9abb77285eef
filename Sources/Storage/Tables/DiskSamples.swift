package import Basics

/// The table of how full the disk was in each hour.
package enum DiskSamples {
  package struct Sample: Sendable, Equatable {
    package let at: Timestamp
    /// In bytes.
    package let free: Int64
    package let total: Int64
  }

  /// A forecast is made of so much.
  package static let span = Duration.seconds(7 * 86_400)
  /// As much as the page shows.
  private static let oldest = Duration.seconds(31 * 86_400)

  /// Notes the hour's figures, the first ones of it, and forgets what is too old to be shown.
  static func insert(free: Int64, total: Int64, at now: Timestamp, in database: Database) throws {
    let hour = now.milliseconds / Activity.hour
    try database.run(
      "INSERT OR IGNORE INTO disk_samples (hour, free_bytes, total_bytes) VALUES (?, ?, ?)", hour, free, total)
    try database.run("DELETE FROM disk_samples WHERE hour < ?", (now - oldest).milliseconds / Activity.hour)
  }

  /// The hours since `moment`, the oldest first.
  package static func all(since moment: Timestamp, in database: Database) throws -> [Sample] {
    try database.all(
      "SELECT hour, free_bytes, total_bytes FROM disk_samples WHERE hour >= ? ORDER BY hour",
      moment.milliseconds / Activity.hour
    ) { row in
      Sample(at: Timestamp(milliseconds: row.integer(0) * Activity.hour), free: row.integer(1), total: row.integer(2))
    }
  }

  /// When the disk will be full if it goes on as it did in these hours: the line with the least squares through them.
  ///
  /// Nil for fewer than three, where it does not fill, or where it takes longer than a year.
  package static func end(of samples: [Sample]) -> Timestamp? {
    guard samples.count >= 3, let last = samples.last else { return nil }
    let points = samples.map { (x: Double($0.at.milliseconds - last.at.milliseconds), y: Double($0.free)) }
    let count = Double(points.count)
    let (x, y) = (points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count)
    let spread = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    let slope = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) } / spread
    let left = -Double(last.free) / slope
    guard spread > 0, slope < 0, left < 365 * 86_400_000 else { return nil }
    return last.at + .milliseconds(Int64(left))
  }
}
