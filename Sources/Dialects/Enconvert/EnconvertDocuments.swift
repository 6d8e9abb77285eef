import Basics
import Engine
import Storage

/// What this API says of a job and of a batch: compact JSON without escaped slashes, for the vendor's shell client takes
/// addresses out of it with grep.
enum EnconvertDocuments {
  typealias Link = (_ path: String) -> String

  static func result(_ view: JobView, _ file: JobView.File, _ link: Link) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { tell(view, file, link, to: &$0) }
    return writer.bytes
  }

  private static func tell(_ view: JobView, _ file: JobView.File, _ link: Link, to document: inout JSONWriter) {
    document.member("presigned_url", link(file.path))
    document.member("object_key", EnconvertNames.key(of: file, view.workspace))
    document.member("filename", EnconvertNames.name(of: file.output))
    document.member("file_size", file.size)
    document.member("conversion_time_seconds", .number(Double(view.job.run.milliseconds) / 1000))
    document.member("job_id", EnconvertNames.name(of: view))
  }

  /// `processing`, `success` with what the answer would have said, or `failed` with an error.
  static func status(_ view: JobView, _ link: Link) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      switch view.job.status {
      case .incomplete, .downloading, .pending, .processing: document.member("status", "processing")
      case .completed:
        document.member("status", "success")
        if let file = view.outputs.first { tell(view, file, link, to: &document) }
      case .failed, .canceled:
        document.member("status", "failed")
        document.member("error", EnconvertFailure(of: view.job).words)
      }
    }
    return writer.bytes
  }

  /// The same of a batch that a client has named.
  static func status(_ view: BatchView, _ link: Link) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      let state = state(view.batch)
      let isGood = state == "completed" || state == "partial"
      document.member("status", state == "processing" ? state : isGood ? "success" : "failed")
      document.member("batch_id", view.batchID)
      if let file = view.archive, isGood {
        document.member("presigned_url", link(file.path))
        document.member("object_key", EnconvertNames.key(of: file, view.workspace))
      }
      if state == "failed" { document.member("error", view.batch.errorMessage ?? "All URLs failed") }
    }
    return writer.bytes
  }

  /// The state of a batch in the seed's four words.
  static func state(_ batch: Batch) -> String { batch.status == .canceled ? "failed" : batch.status.rawValue }

  /// "{status, batch_id, url_count, output_format}", and of a site what its search has found.
  static func receipt(_ view: BatchView) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", "processing")
      document.member("batch_id", view.batchID)
      document.member("url_count", view.site == nil ? view.batch.total : view.site?.found ?? 0)
      if let site = view.site {
        document.member("total_discovered", site.found)
        document.member("discovery_method", site.mode == .sitemap ? "sitemap" : "full_crawl")
      }
      document.member("output_format", view.batch.mode.rawValue)
    }
    return writer.bytes
  }

  static func batch(_ view: BatchView, _ link: Link) -> [UInt8] {
    let batch = view.batch
    let isZIP = batch.mode == .zip
    var writer = JSONWriter()
    writer.object { document in
      document.member("batch_id", view.batchID)
      document.member("status", state(batch))
      document.member("total", batch.total)
      document.member("completed", batch.completed)
      document.member("failed", batch.failed + batch.canceled)
      document.member("in_progress", batch.inProgress)
      document.member("output_mode", batch.mode.rawValue)
      document.member("zip_download_url", isZIP ? view.archive.map { link($0.path) } : nil)
      document.member(
        "items",
        array: { items in
          for task in view.tasks {
            items.object { item(task, isZIP: isZIP, link, to: &$0) }
          }
        })
      if let error = batch.errorMessage { document.member("error", error) }
    }
    return writer.bytes
  }

  private static func item(_ task: BatchView.Task, isZIP: Bool, _ link: Link, to item: inout JSONWriter) {
    let job = task.view.job
    item.member("source_url", task.address ?? task.fileName)
    item.member(
      "status", job.status == .completed ? "Success" : job.status.isFinal ? "Failed" : "In Progress")
    item.member("download_url", isZIP ? nil : task.view.outputs.first.map { link($0.path) })
    item.member("output_file_size", task.view.outputs.first?.size ?? task.packed?.size)
    item.member("duration", job.status.isFinal ? EnconvertNames.seconds(job.run) : nil)
    if job.status == .failed { item.member("error", EnconvertFailure(of: job).words) }
  }
}
