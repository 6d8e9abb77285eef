import Engine
import HTTP
import Storage

/// What a client asks for in the house API, whether it came as a form or as a JSON document.
struct WonderForm {
  /// Options have the names that a form gives them, for example `options[quality]`.
  var fields: [(name: String, value: String)] = []
  var files: [SpoolFile] = []
  /// What the client calls its files, for messages.
  let fileField: String

  /// A JSON body carries its files in base64, in memory; the largest one fits a mebibyte.
  static let largestJSON = 1 << 20

  /// Reads the body by its Content-Type; throws `HTTPFailure` 411 without a length, 413 for more than
  /// the server or the plan allows, 415 for any other type.
  static func read(_ request: Request, _ parts: DialectParts, plan: Plan) async throws -> WonderForm {
    guard request.headers[.contentLength] != nil || request.headers[.transferEncoding] != nil else {
      throw HTTPFailure.lengthRequired
    }
    let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
    switch type {
    case "multipart/form-data":
      let form = try await UploadForm.read(
        request, into: parts.spool, atMost: min(parts.maxUpload, plan.maxUpload ?? .max), limits: parts.forms)
      return WonderForm(fields: form.fields, files: form.files, fileField: "files[]")
    case "application/json":
      return try WonderJSON.form(try await request.body.collect(atMost: largestJSON), spool: parts.spool)
    default: throw HTTPFailure.unsupportedMediaType("multipart/form-data or application/json")
    }
  }

  /// A field's value; one that is empty counts as not sent, as browsers and generated clients mean it.
  func text(_ name: String) -> String? {
    fields.last { $0.name == name && !$0.value.isEmpty }?.value
  }
}
