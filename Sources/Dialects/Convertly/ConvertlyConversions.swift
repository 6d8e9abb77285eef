import Basics
import Engine
import HTTP
import Storage

/// Files that are converted or made smaller while the client waits.
struct ConvertlyConversions: Sendable {
  let parts: DialectParts
  let answers: ConvertlyAnswers

  var routes: [DialectRoute] {
    [
      DialectRoute(
        .post, "/api/convert", .submit, needing: [], bodyLimit: parts.maxUpload, admission: parts.admission
      ) { holder, request in
        try await answer(holder, request, "POST /api/convert") { try $0.conversion($1) }
      },
      DialectRoute(
        .post, "/api/compress", .submit, needing: [], bodyLimit: parts.maxUpload, admission: parts.admission
      ) { holder, request in
        try await answer(holder, request, "POST /api/compress") { try $0.compression($1) }
      },
    ]
  }

  private func answer(
    _ holder: KeyHolder, _ request: Request, _ route: String,
    _ read: @escaping @Sendable (ConvertlyRequests, UploadForm) throws -> Submission
  ) async throws -> Response {
    let row = try await take(holder, request, route, read)
    return try await answers.wait(for: row, holder, request)
  }

  /// With the form its uploads are let go of, before anybody waits.
  private func take(
    _ holder: KeyHolder, _ request: Request, _ route: String,
    _ read: @escaping @Sendable (ConvertlyRequests, UploadForm) throws -> Submission
  ) async throws -> Int64 {
    try parts.jobs.intake.requireRoom()
    let form = try await parts.form(request, of: holder)
    let requests = ConvertlyRequests(parts: parts, route: route, holder: holder, request: request)
    let submission = try await parts.jobs.blocking.run { try read(requests, form) }
    return try await answers.submit(submission, by: holder)
  }
}
