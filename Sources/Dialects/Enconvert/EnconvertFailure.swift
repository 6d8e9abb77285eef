import Basics
import Engine
import HTTP
import Storage

/// Why a job has failed, in the vendor's words.
///
/// Only what another server has done wrong is a 5xx, as with the vendor: its library asks for the state of the job then, and
/// reads the reason there.
struct EnconvertFailure {
  let status: Int
  let code: String
  /// One line, as it stands beside an address.
  let words: String
  /// The same with all that is known.
  private let detail: String

  /// What our codes of failures of pages are called; all others are about the file or this server.
  private static let ofPages: [(code: String, status: Int, name: String, words: String)] = [
    ("page_timeout", 504, "upstream_timeout", "Page load timeout"),
    ("page_unreachable", 502, "upstream_unreachable", "Page could not be reached"),
    ("page_certificate", 502, "upstream_unreachable", "Page has no valid certificate"),
    ("page_empty", 502, "empty_render", "Page is empty"),
    ("page_is_file", 415, "unsupported_content_type", "URL leads to a file and not to a page"),
    ("page_status", 422, "upstream_status", "Page answered with an error"),
  ]

  init(of job: Job) {
    let message = job.errorMessage ?? (job.status == .canceled ? "the job was canceled" : "the conversion failed")
    let sentence = message.prefix(1).uppercased() + message.dropFirst()
    detail = sentence
    if job.errorCode == "page_timeout", message.contains("wait_selector") {
      (status, code, words) = (422, "selector_not_found", "Selector not found: wait_for_selector found nothing")
    } else if let row = EnconvertFailure.ofPages.first(where: { $0.code == job.errorCode }) {
      (status, code, words) = (row.status, row.name, row.words)
    } else {
      (status, code) = (job.errorCode == "internal_error" ? 500 : 422, job.errorCode ?? "conversion_failed")
      words = sentence
    }
  }

  var response: Response {
    var writer = JSONWriter()
    writer.object { document in
      document.member("error", words)
      document.member("code", code)
      document.member("detail", detail == words ? words : "\(words): \(detail)")
    }
    return .json(Status(refusal: status), writer.bytes)
  }
}
