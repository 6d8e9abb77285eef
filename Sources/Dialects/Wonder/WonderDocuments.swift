import Basics
import Engine
import HTTP
import Storage

/// The JSON documents of the house API, member by member as the seed page shows them.
enum WonderDocuments {
  /// The answer to a submission: 202 for a new job, 200 for the job that the same Idempotency-Key made before.
  static func receipt(_ view: JobView, _ status: Status, statusURL: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", status.code)
      document.member("message", message(view.job.status))
      document.member("job_id", view.job.number)
      document.member("request_id", view.requestID)
      document.member("job_status_url", statusURL)
    }
    return writer.bytes
  }

  /// What a public key gets whose result was not ready in time: it may ask for no status, so there is no address of one.
  static func late(_ view: JobView, after patience: Duration, isRepeatable: Bool) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", Status.accepted.code)
      document.member(
        "message",
        "The result was not ready within \(patience.components.seconds) seconds, and a public key cannot ask "
          + "for it later. "
          + (isRepeatable
            ? "Send the same request with the same Idempotency-Key to go on waiting."
            : "With an Idempotency-Key the request could be repeated to go on waiting."))
      document.member("request_id", view.requestID)
    }
    return writer.bytes
  }

  /// The state of a job; `link` makes a path absolute.
  static func job(_ view: JobView, link: (String) -> String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", 200)
      document.member("workspace", object: { $0.member("slug", view.workspace) })
      document.member(
        "job",
        object: { job in
          describe(view.job, view.requestID, to: &job)
          warnings(view, to: &job)
          targets(view, to: &job)
        })
      document.member("outputs", array: { outputs(view, link, to: &$0) })
    }
    return writer.bytes
  }

  static func outputs(_ view: JobView, _ link: (String) -> String, to writer: inout JSONWriter) {
    for file in view.outputs {
      writer.object { output in
        output.member("file_name", file.name)
        output.member("download_url", link(file.path))
        output.member("size", file.size)
      }
    }
  }

  /// What is to be known of the outputs; a job without any has no such list.
  static func warnings(_ view: JobView, to object: inout JSONWriter) {
    let warnings = view.warnings
    guard !warnings.isEmpty else { return }
    object.member(
      "warnings",
      array: { list in
        for warning in warnings {
          list.object { entry in
            entry.member("code", warning.code)
            entry.member("message", warning.message)
            entry.member("file_name", warning.fileName)
          }
        }
      })
  }

  /// Where the outputs go, too; a job whose outputs stay here has no such list.
  static func targets(_ view: JobView, to object: inout JSONWriter) {
    guard !view.targets.isEmpty else { return }
    object.member(
      "targets",
      array: { list in
        for target in view.targets {
          list.object { entry in
            entry.member("kind", target.place.kind.rawValue)
            entry.member("place", target.place.shown)
            entry.member("status", target.status.rawValue)
            if let message = target.message { entry.member("message", message) }
          }
        }
      })
  }

  /// A page of jobs, the newest first; `next_cursor` is null on the last one.
  static func list(_ page: Reports.Page, _ workspace: Workspace) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", 200)
      document.member("workspace", object: { $0.member("slug", workspace.slug) })
      document.member(
        "jobs",
        array: { jobs in
          for (id, job) in page.jobs {
            jobs.object { object in
              describe(job, id, to: &object)
              object.member("job_id", job.number)
              object.member("idempotency_key", job.idempotencyKey)
              object.member("created_at", "\(job.createdAt)")
              object.member("finished_at", job.finishedAt.map { "\($0)" })
            }
          }
        })
      document.member("next_cursor", page.next)
    }
    return writer.bytes
  }

  static func removed(_ requestID: String, isCanceled: Bool) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", 200)
      document.member(
        "message",
        isCanceled ? "The job was canceled and its files were deleted." : "The job and its files were deleted.")
      document.member("request_id", requestID)
    }
    return writer.bytes
  }

  /// The workspace's whole activity, what came by the API, and how many jobs are where.
  static func usage(_ report: Reports.Usage, _ holder: KeyHolder) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", 200)
      document.member(
        "workspace",
        object: {
          $0.member("slug", holder.workspace.slug)
          $0.member("plan", holder.plan.name)
        })
      document.member("period", report.period)
      document.member(
        "usage",
        object: { usage in
          usage.member("workspace", object: { figures(report.workspace, to: &$0) })
          usage.member("api", object: { figures(report.api, to: &$0) })
        })
      document.member(
        "api_jobs",
        object: { jobs in
          for (name, count) in report.lifecycle { jobs.member(name, .integer(count)) }
        })
      document.member(
        "limits",
        object: { limits in
          limits.member("read_per_minute", holder.plan.readsPerMinute)
          limits.member("write_per_minute", holder.plan.writesPerMinute)
          limits.member("jobs_per_month", holder.plan.jobsPerMonth)
          limits.member("max_upload", holder.plan.maxUpload)
          limits.member("stored_bytes", holder.plan.maxStored)
          limits.member("concurrent_jobs", holder.plan.concurrentJobs)
          limits.member("waiting_jobs", holder.plan.waitingJobs)
          limits.member("files_per_minute", holder.plan.filesPerMinute)
          limits.member("submissions_per_day", holder.plan.submissionsPerDay)
        })
      document.member("stored_bytes", report.storedBytes)
      document.member(
        "left",
        object: { left in
          left.member("jobs_per_month", holder.plan.jobsPerMonth.map { max(0, $0 - report.workspace.jobs) })
          left.member("stored_bytes", holder.plan.maxStored.map { max(0, $0 - report.storedBytes) })
        })
      if !report.months.isEmpty {
        document.member(
          "months",
          array: { months in
            for month in report.months {
              months.object { object in
                object.member("period", month.period)
                object.member("workspace", object: { figures(month.workspace, to: &$0) })
                object.member("api", object: { figures(month.api, to: &$0) })
              }
            }
          })
      }
    }
    return writer.bytes
  }

  /// The months as a table for spreadsheets (RFC 4180).
  static func usageTable(_ report: Reports.Usage) -> String {
    let head = "period,jobs,files,bytes,minutes,api_jobs,api_files,api_bytes,api_minutes\r\n"
    return report.months.reduce(into: head) { text, month in
      let columns = [month.workspace, month.api].map { figures in
        "\(figures.jobs),\(figures.files),\(figures.bytes),\(minutes(figures))"
      }
      text += "\(month.period),\(columns.joined(separator: ","))\r\n"
    }
  }

  private static func minutes(_ month: Usage.Month) -> Double { Double(month.milliseconds / 600) / 100 }

  private static func figures(_ month: Usage.Month, to object: inout JSONWriter) {
    object.member("jobs", month.jobs)
    object.member("files", month.files)
    object.member("bytes", month.bytes)
    object.member("minutes", .number(minutes(month)))
  }

  static func describe(_ job: Job, _ requestID: String, to object: inout JSONWriter) {
    object.member("request_id", requestID)
    object.member("status", state(job.status))
    object.member("conversion_type", job.conversionType)
    object.member("source_format", job.sourceFormat)
    object.member("target_format", job.targetFormat)
    if let message = job.errorMessage {
      object.member("error_code", job.errorCode)
      object.member("error_message", message)
    }
  }

  /// The pairs by what they are made of, and the options with their values and defaults.
  static func formats(_ list: FormatList) -> [UInt8] {
    let formats = list.sources.map { source in
      JSONValue.object([
        ("from", .string(source.name)), ("title", .string(source.title)), ("media_type", .string(source.mediaType)),
        ("category", .string(source.category)), ("aliases", .array(source.aliases.map(JSONValue.string))),
        ("to", .array(source.targets.map(JSONValue.string))), ("offers", .array(source.offers.map(offer))),
      ])
    }
    let missing = list.missing.map { missing in
      JSONValue.object([
        ("program", .string(missing.program)), ("package", .string(missing.package)),
        ("from", .array(missing.sources.map(JSONValue.string))), ("to", .array(missing.targets.map(JSONValue.string))),
        ("broken", .boolean(missing.isBroken)),
      ])
    }
    let document = JSONValue.object([
      ("status", .integer(200)), ("formats", .array(formats)), ("options", .array(list.options)),
      ("missing", .array(missing)),
    ])
    return Array(document.text.utf8)
  }

  private static func offer(_ offer: FormatList.Offer) -> JSONValue {
    .object([
      ("to", .array(offer.targets.map(JSONValue.string))), ("by", .string(offer.maker)),
      ("options", .array(offer.options.map(JSONValue.string))),
    ])
  }

  /// The seed knows pending, processing, completed and failed; the states before the queue are pending to a client.
  private static func state(_ status: JobStatus) -> String {
    switch status {
    case .incomplete, .downloading, .pending: "pending"
    case .processing: "processing"
    case .completed: "completed"
    case .failed: "failed"
    case .canceled: "canceled"
    }
  }

  static func message(_ status: JobStatus) -> String {
    switch status {
    case .completed: "Your files have been processed."
    case .failed: "Your files could not be processed."
    case .canceled: "The job was canceled."
    case .incomplete, .downloading, .pending, .processing: "Your files are being processed."
    }
  }
}
