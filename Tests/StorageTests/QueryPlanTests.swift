import Basics
import TestSupport
import XCTest

@testable import Storage

/// Every query that a busy server asks again and again, and the index it must use; a scan would grow with the jobs.
final class QueryPlanTests: XCTestCase {
  /// Deleting a row looks for those that refer to it; without an index that reads their whole table.
  func testEveryReference_HasAnIndex() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    try store.read { database in
      let references = try database.all(
        """
        SELECT tables.name, keys."from"
        FROM sqlite_schema AS tables, pragma_foreign_key_list(tables.name) AS keys
        WHERE tables.type = 'table' AND keys."table" <> 'plans'
        """, row: { ($0.text(0), $0.text(1)) })
      XCTAssertGreaterThan(references.count, 20)
      for (table, column) in references {
        let plan = try database.plan("SELECT 1 FROM \(table) WHERE \(column) = ?")
        XCTAssertTrue(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(table).\(column): \(plan)")
      }
    }
    store.close()
  }

  private static func storedFiles(_ workspace: Int64, _ job: Int64, at now: Timestamp, _ database: Database) throws {
    let folder = try StoredFolders.insert(workspace, parent: nil, name: "f", color: nil, at: now, in: database)
    let file = try StoredFiles.insert(
      NewStoredFile(
        workspaceID: workspace, folderID: folder, name: "a", mediaType: "x/y", size: 1, sha256: SHA256.digest([]),
        blob: "00s", createdAt: now), in: database)
    var queries = [StoredFiles.Query(), StoredFiles.Query()]
    queries[1].text = "a"
    for place in [StoredFiles.Query.Place.anywhere, .folder(nil), .folder(folder)] {
      for var query in queries {
        query.place = place
        _ = try StoredFiles.list(workspace, query, in: database)
        _ = try StoredFiles.count(workspace, query, in: database)
      }
    }
    _ = try StoredFiles.find(workspace, id: file.id, in: database)
    _ = try StoredFiles.linked(id: file.id, in: database)
    _ = try StoredFiles.all(workspace, job: job, in: database)
    _ = try StoredFiles.some(workspace, limit: 1, in: database)
    _ = try StoredFiles.set(workspace, id: file.id, name: "b", folder: nil, metadata: nil, at: now, in: database)
    _ = try StoredFolders.find(workspace, parent: nil, name: "f", in: database)
    _ = try StoredFolders.list(workspace, parent: nil, limit: 1, in: database)
    _ = try StoredFolders.all(workspace, limit: 1, in: database)
    _ = try StoredFolders.count(workspace, in: database)
    _ = try StoredFolders.line(workspace, to: folder, in: database)
    try StoredFolders.set(workspace, id: folder, name: "g", parent: nil, color: nil, at: now, in: database)
    if let row = try StoredFolders.find(workspace, id: folder, in: database) {
      try StoredFolders.delete(row, at: now, in: database)
    }
    _ = try StoredFiles.delete(workspace, id: file.id, in: database)
    let arrival = try Arrivals.insert(
      workspace, folder: nil, name: "a", mediaType: nil, size: 1, blob: "00t", at: now, in: database)
    _ = try Arrivals.linked(id: arrival, in: database)
    _ = try Arrivals.outstanding(workspace, in: database)
    _ = try Arrivals.count(workspace, in: database)
    _ = try Arrivals.some(workspace, limit: 1, in: database)
    for row in try Arrivals.unchanged(since: now + .seconds(1), limit: 1, in: database) {
      _ = try Arrivals.setReceived(row, 1, at: now, in: database)
      _ = try Arrivals.delete(row, in: database)
    }
    try StoreWishes.insert(StoreWish(), job: job, in: database)
    if let row = try Jobs.load(id: job, in: database) { _ = try StoreWishes.find(row, in: database) }
    try StoreWishes.setNotice("n", job: job, in: database)
  }

  /// The SQL is what the code ran, so a query that changes is looked at again without anybody's thinking of it.
  func testHotQueries_NeverScan() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let now = Timestamp(milliseconds: 1)
    let claim = Claim(jobID: 1, attempt: 1, bootID: "b")
    let plans = try store.writeBlocking { database in
      let workspace = try Workspaces.insert(slug: "w", name: "w", plan: "pro", at: now, in: database)
      let job = try Jobs.insert(
        NewJob(
          workspaceID: workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
          createdAt: now), in: database)
      try Inputs.insert(
        NewInput(fileName: "a", .file(blob: "00a", size: Queue.smallBytes, sha256: nil)), job: job, position: 0,
        in: database)
      try Queue.insert(job...job, lane: 0, at: now, in: database)
      try Events.insertSubmissions(of: job...job, at: now, in: database)
      try Queue.remove(job: job, in: database)
      try Queue.insert(workspace, job: job, at: now, in: database)
      try Events.insert(workspace, job: job, .submitted, at: now, in: database)
      try Usage.move(workspace, from: nil, to: .pending, in: database)
      try Usage.add(workspace, origin: .api, at: now, in: database)
      try Idempotency.insert(
        workspace, route: "r", key: "k", job: job, fingerprint: SHA256.digest([]), at: now, in: database)
      _ = try Keys.holder(hash: [], in: database)
      _ = try Idempotency.find(workspace, route: "r", key: "k", at: now, in: database)
      _ = try Usage.counter(workspace, "x", in: database)
      _ = try Usage.month(workspace, period: "x", origin: .api, in: database)
      _ = try Jobs.find(workspace, id: job, in: database)
      _ = try Jobs.load(id: job, in: database)
      try Tasks.insert(
        (0..<2).map { JobTask(position: $0, conversionType: "image", targetFormat: "jpg", options: "{}") }, job: job,
        in: database)
      if let row = try Jobs.load(id: job, in: database) { _ = try Tasks.all(row, in: database) }
      _ = try Jobs.dialectData(id: job, in: database)
      try Secrets.insert([JobSecret(name: "n", value: "v")], job: job, in: database)
      if let row = try Jobs.load(id: job, in: database) { _ = try Secrets.all(row, in: database) }
      _ = try Jobs.incomplete(workspace, createdBefore: now, limit: 1, in: database)
      _ = try Jobs.countIncomplete(in: database)
      _ = try Jobs.waiting(workspace, dialect: "wonder", in: [.incomplete, .downloading], in: database)
      _ = try Jobs.count(workspace, dialect: "wonder", in: [.failed], notStarted: true, in: database)
      _ = try Jobs.page(
        workspace, dialect: "wonder", in: [.failed], notStarted: true, skipping: 0, limit: 1, in: database)
      try Jobs.setStarted(id: job, .pending, in: database)
      _ = try Inputs.sources(job: job, in: database)
      try Inputs.setOrder([1], job: job, in: database)
      for status in [nil, JobStatus.completed, .failed] {
        _ = try Jobs.list(workspace, status: status, before: .max, limit: 50, in: database)
      }
      _ = try Jobs.listAll(before: .max, limit: 50, in: database)
      _ = try Outputs.all(job: job, in: database)
      let input = try Inputs.insert(
        NewInput(fileName: "b", .address("https://a.example/")), job: job, position: 1, in: database)
      try Downloads.insert(
        .address("https://a.example/"), input: input, job: job, workspace: workspace, mostBytes: 1, in: database)
      _ = try Downloads.claim(after: 0, most: 1, in: database)
      _ = try Downloads.waiting(in: database)
      _ = try Downloads.isListed(input: input, in: database)
      _ = try Downloads.hasAny(job: job, in: database)
      try Downloads.release(input: input, in: database)
      try Downloads.release(in: database)
      _ = try Inputs.setReady(id: input, blob: "00b", size: 1, sha256: [], at: now, in: database)
      if let pickup = try Downloads.claim(after: 0, most: 1, in: database) {
        _ = try Downloads.remove(pickup, in: database)
      }
      try Targets.insert(
        [nil, 1].map { NewTarget(task: $0, place: "p", credentials: "c") }, job: job, in: database)
      if let row = try Jobs.load(id: job, in: database), let target = try Targets.all(row, in: database).first {
        try Outputs.insert(
          NewOutput(inputID: nil, fileName: "o", mediaType: "x/y", size: 1, sha256: [], width: nil, height: nil),
          job: job, position: 0, blob: "00o", at: now, in: database)
        for output in try Outputs.all(job: job, in: database) {
          try Uploads.insert(
            output.id, path: "o", target: target.id, job: job, workspace: workspace, at: now, in: database)
        }
        let upload = try Uploads.claim(after: 0, most: 1, at: now, in: database)?.id ?? 0
        try Uploads.setParts(id: upload, name: "n", ["t"], in: database)
        try Uploads.delay(id: upload, failures: 1, until: now, in: database)
        _ = try Uploads.isListed(id: upload, in: database)
        _ = try Uploads.hasAny(job: job, in: database)
        _ = try Uploads.hasAny(job: job, target: target.id, in: database)
        _ = try Uploads.nextDue(in: database)
        try Uploads.release(in: database)
        try Uploads.move(by: .seconds(1), in: database)
        _ = try Uploads.remove(id: upload, in: database)
        try Targets.end(id: target.id, job: job, .completed, in: database)
        for places in [[1: 0], [:]] { try Targets.move(places, of: row, in: database) }
        try Secrets.set([JobSecret(name: "n", value: "v")], job: job, in: database)
        try DownloadPasswords.set([SHA256.digest([])], job: job, in: database)
      }
      try Downloads.removeAll(job: job, in: database)
      let batch = try Batches.insert(
        NewBatch(workspaceID: workspace, keyID: nil, dialect: "wonder", mode: .zip, total: 1, createdAt: now),
        in: database)
      _ = try Batches.find(workspace, id: batch, in: database)
      _ = try Batches.list(workspace, before: .max, limit: 1, in: database)
      _ = try Batches.jobs(batch, in: database)
      _ = try Batches.packed(by: job, in: database)
      _ = try Events.all(workspace, batch: batch, in: database)
      try Batches.count(batch, .completed, in: database)
      try Batches.setFinished(batch, .completed, at: now, in: database)
      _ = try Batches.deleteHistory(finishedBefore: now, limit: 1, in: database)
      let template = SiteTemplate(
        sourceFormat: "url",
        tasks: [JobTask(position: 0, conversionType: "page", targetFormat: "pdf", options: "{}")])
      let site = NewSite(mode: .crawl, root: "http://a.example/", depth: 1, pages: 2, template: template)
      try Sites.insert(site, batch: batch, first: .page, in: database)
      _ = try Sites.find(batch: batch, in: database)
      _ = try Sites.open(limit: 1, in: database)
      _ = try Sites.countOpen(workspace, in: database)
      _ = try Sites.secrets(batch: batch, in: database)
      try Sites.setOrigin(batch: batch, "http://b.example", in: database)
      try Sites.addFound(batch: batch, 1, in: database)
      try Sites.grow(batch: batch, by: 1, in: database)
      _ = try SitePages.find(batch, .page, "http://a.example/", in: database)
      _ = try SitePages.load(id: 1, in: database)
      _ = try SitePages.waiting(batch, limit: 1, in: database)
      _ = try SitePages.found(batch, limit: 1, in: database)
      _ = try SitePages.count(batch, in: database)
      _ = try SitePages.sitemaps(batch, limit: 1, in: database)
      try SitePages.set(id: 1, .found, in: database)
      try SitePages.move(id: 1, to: "http://b.example/", in: database)
      try SitePages.dropWaiting(batch, in: database)
      _ = try Sites.close(batch: batch, nil, in: database)
      try Self.storedFiles(workspace, job, at: now, database)
      _ = try Presets.set(
        workspace, Preset(name: "p", targetFormat: "png", options: "{}", createdAt: now), in: database)
      _ = try Presets.all(workspace, in: database)
      let kept = KeptStorage(
        name: "s", kind: .s3, endpoint: nil, region: nil, bucket: nil, style: nil, needsTLS: false, hint: "",
        createdAt: now, changedAt: now)
      _ = try Storages.set(workspace, kept, credentials: "c", in: database)
      _ = try Storages.all(workspace, in: database)
      _ = try Storages.credentials(workspace, name: "s", in: database)
      _ = try Storages.delete(workspace, name: "s", in: database)
      _ = try Outputs.linked(id: 1, in: database)
      _ = try Events.all(workspace, job: job, in: database)
      _ = try Queue.waiting(in: database)
      try Queue.releaseDelayed(at: now, in: database)
      _ = try Queue.nextDelayed(in: database)
      _ = try Queue.nextWaiting(after: 0, at: now, in: database)
      _ = try Queue.claim(job: job, bootID: "b", in: database)
      _ = try Queue.holds(claim, in: database)
      _ = try Queue.countWorkerDeath(claim, in: database)
      _ = try Queue.countFault(claim, in: database)
      _ = try Queue.delay(claim, until: now, in: database)
      _ = try Queue.giveBack(claim, in: database)
      _ = try Queue.recover(bootID: "c", at: now, in: database)
      _ = try Queue.finish(claim, in: database)
      try Queue.remove(job: job, in: database)
      try Jobs.setProcessing(id: job, attempt: 1, at: now, in: database)
      try Jobs.setPending(id: job, in: database)
      try Jobs.setFinished(
        id: job, status: .completed, errorCode: nil, errorMessage: nil, run: .zero, at: now, in: database)
      _ = try Jobs.withFiles(workspace, finishedBefore: now, limit: 1, in: database)
      _ = try Jobs.takeFiles(workspace, job: job, in: database)
      try Events.deleteAll(job: job, in: database)
      try Jobs.setFilesExpired(id: job, at: now, in: database)
      try Idempotency.deleteExpired(at: now, in: database)
      _ = try Jobs.deleteHistory(filesExpiredBefore: now, limit: 1, in: database)
      let texts = database.statementTexts.filter {
        !$0.contains("sqlite_schema") && ["SELECT", "INSERT", "UPDATE", "DELETE"].contains($0.prefix(6))
      }
      return try texts.map { (sql: $0, steps: try database.plan($0)) }
    }
    XCTAssertGreaterThan(plans.count, 35)
    for plan in plans {
      XCTAssertTrue(plan.steps.allSatisfy { !$0.hasPrefix("SCAN") || $0.contains("INDEX") }, "\(plan)")
      XCTAssertFalse(plan.steps.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }
  }
}
