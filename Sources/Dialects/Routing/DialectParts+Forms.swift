import Engine
import HTTP
import Storage

extension DialectParts {
  /// The most bytes that may come with one request of a key, or from an address in it.
  func largestFile(_ holder: KeyHolder) -> Int64 { min(maxUpload, holder.plan.maxUpload ?? .max) }

  /// Reads a form with files; throws `HTTPFailure` 411 without a length, 413 for more than the server or the plan allows,
  /// 415 for any other body.
  func form(_ request: Request, of holder: KeyHolder) async throws -> UploadForm {
    guard request.headers[.contentLength] != nil || request.headers[.transferEncoding] != nil else {
      throw HTTPFailure.lengthRequired
    }
    let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
    guard type == "multipart/form-data" else { throw HTTPFailure.unsupportedMediaType("multipart/form-data") }
    return try await upload(request, of: holder)
  }

  /// The same whatever the request says of its length.
  func upload(_ request: Request, of holder: KeyHolder) async throws -> UploadForm {
    try await UploadForm.read(
      request, into: spool, atMost: largestFile(holder), limits: forms,
      room: jobs.lifecycle.room.upload(holder.workspace.id, holder.plan))
  }
}

extension SpoolFile {
  /// What is to be converted, called as its client has called it unless it is named otherwise.
  func source(named name: String? = nil) -> Submission.Source {
    .file(file(named: name))
  }

  /// The same for whoever takes files only.
  func file(named name: String? = nil) -> Submission.File {
    .init(path: path, name: name ?? fileName, size: size, contentType: contentType, keeper: self)
  }
}
