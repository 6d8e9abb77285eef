import Basics
import Engine
import HTTP
import Storage

/// The downloads of all dialects: whoever has a link has the file, until the link ends by time or by use, and where the job
/// has passwords with one of these.
struct LinkedFiles: Sendable {
  let jobs: JobService
  /// Where the clients of each dialect put a password.
  var passwords: [String: @Sendable (Request) -> String?] = [:]

  var routes: [Route] {
    [Route(.get, "/files/{token}/{name}", download), Route(.get, "/dl/{token}", download)]
  }

  @Sendable func download(_ request: Request) async throws -> Response {
    let link = try jobs.open(
      token: request.parameters["token"] ?? "", from: "\(request.client)",
      password: { (passwords[$0] ?? Credentials.password)(request) })
    let response = LinkedFiles.response(link.output, try OpenFile(descriptor: link.descriptor), for: request)
    // A later part of a file, or a look at its fields, is no download of its own.
    if request.method == .get { try await jobs.use(link, isDownload: response.beginsTheFile) }
    request.vouch()
    return response
  }

  /// An output as it is answered with: nothing keeps it, and no browser runs what is in it.
  static func response(_ output: Output, _ file: OpenFile, for request: Request) -> Response {
    Response.file(
      file, named: output.fileName, contentType: output.mediaType,
      etag: "\"\(Hexadecimal.encode(output.sha256.prefix(16)))\"", for: request
    )
    .with(.cacheControl, "private, no-store")
    .with(.contentSecurityPolicy, "sandbox; default-src 'none'")
  }
}

extension Response {
  /// True for an answer that has the file from its first byte on, whatever was asked for.
  fileprivate var beginsTheFile: Bool {
    if case .file(let part) = body { part.offset == 0 } else { false }
  }
}
