package import Basics

/// The signature of a request by an access key (AWS Signature Version 4, as header fields).
package struct SignatureV4: Sendable {
  package let credentials: CloudCredentials
  package let region: String
  package let service: String

  package init(_ credentials: CloudCredentials, region: String, service: String = "s3") {
    self.credentials = credentials
    self.region = region
    self.service = service
  }

  /// The value of Authorization.
  ///
  /// `path` is encoded already, and so are the pairs of `query`, which are put in their order here. `headers` are all that
  /// are signed, with Host and the date among them; `payload` is the SHA-256 of the body in hexadecimal, or what stands
  /// for it.
  package func authorization(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)], payload: String, at date: String
  ) -> String {
    let lines = headers.map { (name: $0.name.lowercased(), value: SignatureV4.trimmed($0.value)) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let names = lines.map(\.name).joined(separator: ";")
    let request = [
      method, path, SignatureV4.text(query), lines.map { "\($0.name):\($0.value)\n" }.joined(), names, payload,
    ].joined(separator: "\n")
    let day = String(date.prefix(8))
    let scope = "\(day)/\(region)/\(service)/aws4_request"
    let digest = Hexadecimal.encode(SHA256.digest(request.utf8))
    var key = Array("AWS4\(credentials.password)".utf8)
    for piece in [day, region, service, "aws4_request"] { key = HMAC(key: key).code(for: Array(piece.utf8)) }
    let code = HMAC(key: key).code(for: Array("AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(digest)".utf8))
    return "AWS4-HMAC-SHA256 Credential=\(credentials.user)/\(scope), SignedHeaders=\(names), "
      + "Signature=\(Hexadecimal.encode(code))"
  }

  /// A query in the order in which it is signed.
  static func text(_ query: [(name: String, value: String)]) -> String {
    query.map { "\($0.name)=\($0.value)" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: "&")
  }

  /// A moment as signatures have it: 20260131T235959Z.
  package static func date(_ now: Timestamp) -> String {
    String("\(now)".prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" }) + "Z"
  }

  /// Without space around it, and with one in place of several.
  private static func trimmed(_ value: String) -> String { value.split(separator: " ").joined(separator: " ") }
}
