package import Basics

/// One request about a file that lives elsewhere.
package enum CloudCall: Sendable {
  /// Of one with an offset the rest, as long as it is still the object with this tag.
  case fetch(Download, tag: String = "")
  /// The whole of a file; nil as SHA-256 where it is not known.
  case store(FilePart, mediaType: String, sha256: [UInt8]?)
  /// Begins an upload in parts; its answer has the name of it.
  case begin(mediaType: String)
  /// The part with this number, from 1.
  case part(Int, of: String, FilePart, sha256: [UInt8])
  /// Makes one object of the parts, whose tags are given.
  case finish(of: String, tags: [String])
  /// Lets go of what was sent in parts.
  case abort(of: String)
  /// Removes a whole object.
  case remove
  /// Asks what is in the bucket, or without one which buckets there are; of FTP what is in the user's own folder.
  case list

  /// The SHA-256 of nothing, in hexadecimal.
  private static let nothing = Hexadecimal.encode(SHA256.digest([]))

  /// The request to a place, signed at this moment.
  package func request(
    to place: CloudPlace, _ credentials: CloudCredentials, agent: String, at now: Timestamp, timeLimit: Duration
  ) -> OutboundRequest {
    place.kind == .ftp
      ? ftp(place, credentials, timeLimit) : s3(place, credentials, agent, SignatureV4.date(now), timeLimit)
  }

  /// Only whole files go over FTP.
  private func ftp(_ place: CloudPlace, _ credentials: CloudCredentials, _ timeLimit: Duration) -> OutboundRequest {
    // A path that begins with a slash is one from the root, which is said by a slash that is encoded (RFC 1738, 3.2.2).
    let path = CloudCall.encoded(place.path.hasPrefix("/") ? String(place.path.dropFirst()) : place.path)
    var request = OutboundRequest(
      url: "ftp://\(CloudAddress(place)?.authority ?? "")/\(place.path.hasPrefix("/") ? "%2F" : "")\(path)",
      headers: [], purpose, timeLimit: timeLimit)
    request.login = (credentials.user, credentials.password)
    request.needsTLS = place.needsTLS
    return request
  }

  private func s3(
    _ place: CloudPlace, _ credentials: CloudCredentials, _ agent: String, _ date: String, _ timeLimit: Duration
  ) -> OutboundRequest {
    let address = CloudAddress(place)
    let bucket = place.style == .path && !place.bucket.isEmpty ? "/\(place.bucket)" : ""
    let path = bucket + "/" + CloudCall.encoded(place.path)
    let query = query(place)
    let payload = payload
    var headers = [
      ("Host", address?.authority ?? ""), ("X-Amz-Content-Sha256", payload), ("X-Amz-Date", date),
    ]
    if let token = credentials.token { headers.append(("X-Amz-Security-Token", token)) }
    switch self {
    case .fetch(let download, let tag):
      headers.append(("X-Amz-Checksum-Mode", "ENABLED"))
      if download.offset > 0 { headers += [("Range", "bytes=\(download.offset)-"), ("If-Match", tag)] }
    case .store(_, let type, _), .begin(let type): headers.append(("Content-Type", type))
    case .finish: headers.append(("Content-Type", "application/xml"))
    case .part, .abort, .remove, .list: break
    }
    let authorization = SignatureV4(credentials, region: place.region).authorization(
      method, path, query: query, headers: headers, payload: payload, at: date)
    // libcurl writes a Host field of its own, which is the same.
    let sent = headers.dropFirst() + [("Authorization", authorization), ("User-Agent", agent)]
    let text = SignatureV4.text(query)
    var request = OutboundRequest(
      url: (address.map { $0.scheme + $0.authority } ?? "") + path + (text.isEmpty ? "" : "?" + text),
      headers: Array(sent), purpose, timeLimit: timeLimit)
    // While a store puts parts together it sends blanks (Amazon S3, "CompleteMultipartUpload").
    if case .finish = self { request.keepsWholeAnswer = true }
    return request
  }

  private var method: String {
    switch self {
    case .fetch, .list: "GET"
    case .store, .part: "PUT"
    case .begin, .finish: "POST"
    case .abort, .remove: "DELETE"
    }
  }

  private func query(_ place: CloudPlace) -> [(name: String, value: String)] {
    switch self {
    case .fetch, .store, .remove: []
    case .list: place.bucket.isEmpty ? [] : [("list-type", "2"), ("max-keys", "1")]
    case .begin: [("uploads", "")]
    case .part(let number, let upload, _, _):
      [("partNumber", String(number)), ("uploadId", PercentEncoding.segment(upload))]
    case .finish(let upload, _), .abort(let upload): [("uploadId", PercentEncoding.segment(upload))]
    }
  }

  private var purpose: OutboundRequest.Purpose {
    switch self {
    case .fetch(let download, _): .download(download)
    case .store(let file, _, _), .part(_, _, let file, _): .send(file)
    case .begin: .post([])
    case .finish: .post(body)
    case .abort, .remove: .delete
    case .list: .ask
    }
  }

  private var payload: String {
    switch self {
    case .store(_, _, let hash): hash.map { Hexadecimal.encode($0) } ?? "UNSIGNED-PAYLOAD"
    case .part(_, _, _, let hash): Hexadecimal.encode(hash)
    case .finish: Hexadecimal.encode(SHA256.digest(body))
    case .fetch, .begin, .abort, .remove, .list: CloudCall.nothing
    }
  }

  private var body: [UInt8] {
    guard case .finish(_, let tags) = self else { return [] }
    let parts = tags.enumerated().map { "<Part><PartNumber>\($0 + 1)</PartNumber><ETag>\($1)</ETag></Part>" }
    return Array("<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8)
  }

  /// Each part of a path encoded, and the slashes between them left.
  private static func encoded(_ path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).map { PercentEncoding.segment(String($0)) }
      .joined(separator: "/")
  }
}
