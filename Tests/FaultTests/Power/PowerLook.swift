import Basics
import Glibc
import Storage
import TestSupport

/// What must hold in a data directory after any loss of power.
enum PowerLook {
  /// It opens as at a start, everything that a row names is there, and every claim holds.
  static func problems(_ data: String, _ claims: [PowerClaim]) throws -> [String] {
    let store = try Store(path: data)
    defer { store.close() }
    return try problems(store, claims)
  }

  static func problems(_ store: Store, _ claims: [PowerClaim]) throws -> [String] {
    var problems = try store.verify()
    problems += try store.read { database in
      try unannounced(database) + wrongBatches(database) + shortArrivals(store, database)
    }
    for claim in claims {
      if let problem = try claim.look(store) { problems.append("\(claim.name): \(problem)") }
    }
    return problems
  }

  /// Jobs that have ended and whose webhook was never written down.
  private static func unannounced(_ database: Database) throws -> [String] {
    try database.all(
      """
      SELECT id
      FROM jobs
      WHERE webhook_url IS NOT NULL AND status IN ('completed', 'failed')
        AND id NOT IN (SELECT job_id FROM deliveries WHERE job_id IS NOT NULL)
      """, row: { "job \($0.integer(0)) has no webhook" })
  }

  /// Batches whose counts are not those of their jobs.
  private static func wrongBatches(_ database: Database) throws -> [String] {
    try database.all(
      """
      SELECT id
      FROM batches
      WHERE total <> (SELECT count(*) FROM jobs WHERE batch_id = batches.id)
        OR completed <> (SELECT count(*) FROM jobs WHERE batch_id = batches.id AND status = 'completed')
      """, row: { "batch \($0.integer(0)) counts wrong" })
  }

  /// Uploads of which less is there than was answered for.
  private static func shortArrivals(_ store: Store, _ database: Database) throws -> [String] {
    try database.all(
      "SELECT blob, received FROM arrivals WHERE blob IS NOT NULL", row: { ($0.text(0), $0.integer(1)) }
    ).compactMap { blob, received in
      let size = try? FileBytes.size(store.blobs.path(blob))
      return size.map { $0 >= received } ?? false ? nil : "\(blob) has \(size ?? -1) bytes, and not \(received)"
    }
  }

  /// The real program starts on it, does what `body` asks of it, ends, and everything is as it should be.
  static func serve(
    _ data: String, _ claims: [PowerClaim], arguments: [String] = [],
    _ body: (ServedProgram) throws -> Void = { _ in }
  ) throws {
    let program = try ServedProgram(data: data, arguments: arguments, log: data + ".log")
    do { try body(program) } catch {
      program.end(SIGKILL)
      throw error
    }
    var found = program.end(SIGTERM) == 0 ? [] : ["it ends badly"]
    let checked = try Shell.run(BuiltProgram.path, "admin", "check", "--json", "--data", data)
    let document = try JSONReader.parse(checked.text.utf8)
    if document["database"]?.string != "ok" || document["missing_files"]?.array?.isEmpty != true
      || document["could_not_look"] != .null
    {
      found.append(checked.text)
    }
    found += try problems(data, claims)
    if !found.isEmpty { throw Problems(description: found.joined(separator: "; ")) }
  }

  struct Problems: Error, CustomStringConvertible {
    let description: String
  }
}
