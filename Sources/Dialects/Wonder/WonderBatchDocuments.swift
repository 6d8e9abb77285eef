import Basics
import Engine
import HTTP
import Storage

/// The JSON documents about batches, in the manner of those about jobs.
enum WonderBatchDocuments {
  static func receipt(_ view: BatchView, _ status: Status, statusURL: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", status.code)
      document.member("message", message(view.batch.status))
      document.member("batch_id", view.batchID)
      document.member("total", view.batch.total)
      document.member("batch_status_url", statusURL)
    }
    return writer.bytes
  }

  /// The counts of a batch, its archive, and a page of its jobs; `link` makes a path absolute.
  static func batch(_ view: BatchView, link: (String) -> String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", 200)
      document.member("workspace", object: { $0.member("slug", view.workspace) })
      document.member(
        "batch",
        object: { batch in
          describe(view.batch, view.batchID, to: &batch)
          if let site = view.site { describe(site, to: &batch) }
          batch.member("file_name", view.archive?.name)
          batch.member("download_url", view.archive.map { link($0.path) })
        })
      document.member("jobs", array: { jobs(view, link, to: &$0) })
      document.member("next_cursor", view.next)
    }
    return writer.bytes
  }

  static func list(_ page: BatchDesk.Page, _ workspace: Workspace) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", 200)
      document.member("workspace", object: { $0.member("slug", workspace.slug) })
      document.member(
        "batches",
        array: { batches in
          for (id, batch) in page.batches { batches.object { describe(batch, id, to: &$0) } }
        })
      document.member("next_cursor", page.next)
    }
    return writer.bytes
  }

  static func removed(_ batchID: String, isCanceled: Bool) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", 200)
      document.member(
        "message",
        isCanceled
          ? "The batch was canceled and its files were deleted." : "The batch, its jobs and their files were deleted.")
      document.member("batch_id", batchID)
    }
    return writer.bytes
  }

  /// Each file with its own job, state and outputs.
  static func jobs(_ view: BatchView, _ link: (String) -> String, to writer: inout JSONWriter) {
    for task in view.tasks {
      writer.object { object in
        object.member("file_name", task.fileName)
        WonderDocuments.describe(task.view.job, task.view.requestID, to: &object)
        WonderDocuments.warnings(task.view, to: &object)
        WonderDocuments.targets(task.view, to: &object)
        object.member("outputs", array: { WonderDocuments.outputs(task.view, link, to: &$0) })
      }
    }
  }

  /// The counts of a batch and the link to its archive, for those who are told of its end.
  static func tell(_ view: BatchView, _ link: (String) -> String, to object: inout JSONWriter) {
    describe(view.batch, view.batchID, to: &object)
    if let site = view.site { describe(site, to: &object) }
    if let archive = view.archive { object.member("download_url", link(archive.path)) }
  }

  /// How the pages of a site are found, and how many have been.
  private static func describe(_ site: Site, to object: inout JSONWriter) {
    object.member(
      "site",
      object: { writer in
        writer.member("mode", site.mode.rawValue)
        writer.member("root", site.root)
        writer.member("depth", site.depth)
        writer.member("pages", site.pages)
        writer.member("found", site.found)
        writer.member("is_open", site.isOpen)
      })
  }

  static func describe(_ batch: Batch, _ batchID: String, to object: inout JSONWriter) {
    object.member("batch_id", batchID)
    object.member("status", batch.status.rawValue)
    object.member("mode", batch.mode.rawValue)
    object.member("total", batch.total)
    object.member("completed", batch.completed)
    object.member("failed", batch.failed)
    object.member("canceled", batch.canceled)
    object.member("in_progress", batch.inProgress)
    if let message = batch.errorMessage { object.member("error_message", message) }
    object.member("created_at", "\(batch.createdAt)")
    object.member("finished_at", batch.finishedAt.map { "\($0)" })
  }

  private static func message(_ status: Batch.Status) -> String {
    switch status {
    case .processing: WonderDocuments.message(.pending)
    case .completed: WonderDocuments.message(.completed)
    case .partial: "Some of your files could not be processed."
    case .failed: WonderDocuments.message(.failed)
    case .canceled: "The batch was canceled."
    }
  }
}
