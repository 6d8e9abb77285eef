import Basics
import Engine
import HTTP
import Storage

/// Pages by their addresses: one while the client waits, or several and whole sites as batches.
struct EnconvertPages: Sendable {
  private static let largestDocument = 1 << 20
  /// Long enough for most sites to be searched to their end, and for all others to have shown that there is something.
  private static let firstLook = Duration.seconds(30)
  /// Of a site, as many as one request may have.
  private static let deepest = 10

  let parts: DialectParts
  let answers: EnconvertAnswers

  func convert(
    _ kind: EnconvertPageKind, _ holder: KeyHolder, _ request: Request
  ) async throws -> Response {
    // Nothing is looked up or read in the name of a key that stands in a page.
    guard holder.key.kind == .secret else { throw Refusal.secretKeyNeeded }
    let bytes = try await request.body.collect(atMost: EnconvertPages.largestDocument)
    let order = try await ClientDocument.read(bytes, on: parts.jobs.blocking) { members in
      try EnconvertOrder(.object(members), kind)
    }
    try check(order, holder)
    try await reach(order.addresses)
    var submission = order.submission(kind, mostBytes: parts.largestFile(holder), at: parts.jobs.now)
    guard order.isBatch else {
      let receipt = try await answers.submit(submission, by: holder)
      return try await answers.wait(for: receipt.jobID, wantsBytes: order.wantsBytes, holder, request)
    }
    // "If you omit this parameter, the email is sent to the project owner's email address by default."
    submission.notificationEmail =
      try order.email ?? (holder.plan.allowsMail ? parts.jobs.owner(of: holder.workspace) : nil)
    let receipt = try await answers.submit(submission, by: holder)
    guard let row = receipt.batchID else { throw Refusal.unknownBatch }
    if kind.isSite { try await waitForPages(of: row, holder.workspace) }
    return .json(.accepted, EnconvertDocuments.receipt(try await view(row, holder.workspace)))
  }

  /// The gates of the seed's table, by the names that it has for them.
  private func check(_ order: EnconvertOrder, _ holder: KeyHolder) throws(Refusal) {
    let plan = holder.plan
    if order.isBatch && !plan.allowsAsync { throw EnconvertRefusals.gate("Async processing") }
    if order.isBatch && !plan.allowsBatches {
      throw EnconvertRefusals.gate(order.isZIP ? "ZIP output bundling" : "Batch processing")
    }
    if order.callback != nil && !plan.allowsWebhooks { throw EnconvertRefusals.gate("Webhook callbacks") }
    if order.email != nil && order.isBatch && !plan.allowsMail { throw EnconvertRefusals.gate("Email notifications") }
  }

  /// Refuses the whole request for one address that leads nowhere, or to where nobody may go.
  private func reach(_ addresses: [String]) async throws {
    let wrong = try await parts.jobs.blocking.run(heavy: addresses.count > 4) { [parts] in
      var known: [Substring: Bool] = [:]
      return addresses.first { address in
        let place = address.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").prefix(2).joined(separator: "/")[
          ...]
        let isGood = known[place] ?? parts.reaches(address)
        known[place] = isGood
        return !isGood
      }
    }
    if let wrong { throw EnconvertRefusals.wrong("url \(wrong.prefix(200)) leads to no host that can be reached") }
  }

  /// Until the search has ended, or for a while if it has found something by then; throws 400 when there is nothing.
  private func waitForPages(of row: Int64, _ workspace: Workspace) async throws {
    let whole = answers.patience
    let first = min(EnconvertPages.firstLook, whole)
    try await parts.jobs.waitForSite(batch: row, of: workspace, longest: first)
    if try await view(row, workspace).site?.found == 0 {
      try await parts.jobs.waitForSite(batch: row, of: workspace, longest: whole - first)
    }
    let batch = try await view(row, workspace).batch
    guard batch.status != .failed || batch.total > 0 else {
      throw EnconvertRefusals.wrong("No URLs were discovered: \(batch.errorMessage ?? "no page was found")")
    }
  }

  private func view(_ row: Int64, _ workspace: Workspace) async throws -> BatchView {
    var query = BatchDesk.Query()
    query.limit = 0
    return try await parts.jobs.batches.view(workspace, row: row, query)
  }
}
