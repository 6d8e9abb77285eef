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

  /// The state of a job; `link` makes a path absolute.
  static func job(_ view: JobView, link: (String) -> String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", 200)
      document.member("workspace", object: { $0.member("slug", view.workspace) })
      document.member(
        "job",
        object: { job in
          job.member("request_id", view.requestID)
          job.member("status", state(view.job.status))
          job.member("conversion_type", view.job.conversionType)
          job.member("source_format", view.job.sourceFormat)
          job.member("target_format", view.job.targetFormat)
          if let message = view.job.errorMessage {
            job.member("error_code", view.job.errorCode)
            job.member("error_message", message)
          }
        })
      document.member(
        "outputs",
        array: { outputs in
          for file in view.outputs {
            outputs.object { output in
              output.member("file_name", file.name)
              output.member("download_url", link(file.path))
              output.member("size", file.size)
            }
          }
        })
    }
    return writer.bytes
  }

  static func refusal(_ refusal: Refusal, requestID: String?) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", refusal.status)
      document.member("message", refusal.message)
      document.member("code", refusal.code)
      if !refusal.fields.isEmpty {
        document.member(
          "errors",
          object: { errors in
            for (name, problems) in problems(refusal.fields) {
              errors.member(name, .array(problems.map(JSONValue.string)))
            }
          })
      }
      if let requestID { document.member("request_id", requestID) }
    }
    return writer.bytes
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

  private static func message(_ status: JobStatus) -> String {
    switch status {
    case .completed: "Your files have been processed."
    case .failed: "Your files could not be processed."
    case .canceled: "The job was canceled."
    case .incomplete, .downloading, .pending, .processing: "Your files are being processed."
    }
  }

  /// Problems by field, fields in the order in which they were found.
  private static func problems(_ fields: [Refusal.Field]) -> [(String, [String])] {
    var names: [String] = []
    for field in fields where !names.contains(field.name) { names.append(field.name) }
    return names.map { name in (name, fields.filter { $0.name == name }.map(\.problem)) }
  }
}
