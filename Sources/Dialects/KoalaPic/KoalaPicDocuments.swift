import Basics
import Engine
import Storage

/// What this API says of a conversion and of a batch.
enum KoalaPicDocuments {
  /// The state in the vendor's three words; a batch has failed when one or more of its files did (seed page).
  static func state(_ status: JobStatus) -> String {
    switch status {
    case .incomplete, .downloading, .pending, .processing: "processing"
    case .completed: "completed"
    case .failed, .canceled: "failed"
    }
  }

  static func conversion(_ view: JobView, _ link: (String) -> String) -> [UInt8] {
    let name = KoalaPicNames.name(of: view)
    var writer = JSONWriter()
    writer.object { document in
      document.member("id", name)
      document.member("job_id", name)
      document.member("status", state(view.job.status))
      if let output = view.outputs.first {
        document.member("filename", output.name)
        document.member("download_url", link(output.path))
      }
      document.member("total_files", 1)
      document.member("completed_files", view.job.status == .completed ? 1 : 0)
      document.member("error", view.job.errorMessage)
      document.member("items", array: { items(view.outputs, link, to: &$0) })
      addresses(name, link, to: &document)
    }
    return writer.bytes
  }

  static func batch(_ view: BatchView, _ link: (String) -> String) -> [UInt8] {
    let name = KoalaPicNames.name(of: view)
    let batch = view.batch
    let state = self.state(of: batch)
    var writer = JSONWriter()
    writer.object { document in
      document.member("id", name)
      document.member("job_id", name)
      document.member("status", state)
      document.member("total_files", batch.total)
      document.member("completed_files", batch.completed)
      document.member("error", error(view))
      document.member("items", array: { items(view.tasks.flatMap(\.view.outputs), link, to: &$0) })
      if batch.completed > 0, state != "processing" {
        document.member("zip_url", link("/api/v1/jobs/\(name)/zip"))
      }
      addresses(name, link, to: &document)
    }
    return writer.bytes
  }

  static func state(of batch: Batch) -> String {
    switch batch.status {
    case .processing: "processing"
    case .completed: "completed"
    case .partial, .failed, .canceled: "failed"
    }
  }

  /// Which files failed, and why; nil while none has.
  static func error(_ view: BatchView) -> String? {
    let failed = view.tasks.filter { $0.view.job.status == .failed }
    guard !failed.isEmpty else { return view.batch.status == .canceled ? "The job was canceled." : nil }
    return failed.map { "\($0.fileName): \($0.view.job.errorMessage ?? "failed")" }.joined(separator: "; ")
  }

  private static func items(_ files: [JobView.File], _ link: (String) -> String, to writer: inout JSONWriter) {
    for file in files {
      writer.object { item in
        item.member("filename", file.name)
        item.member("download_url", link(file.path))
      }
    }
  }

  private static func addresses(_ name: String, _ link: (String) -> String, to document: inout JSONWriter) {
    document.member("status_url", link("/api/v1/convert/\(name)"))
    document.member("events_url", link("/api/v1/convert/\(name)/stream"))
  }
}
