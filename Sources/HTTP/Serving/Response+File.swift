import Basics

extension Response {
  /// Answers with a file: download headers, conditions and a single range are honoured, HEAD is left to the connection.
  ///
  /// `etag` comes with its quotes. A file that browsers must not run is an attachment (the default).
  package static func file(
    _ file: OpenFile, named fileName: String, contentType: String, etag: String, for request: Request,
    disposition: ContentDisposition.Kind = .attachment
  ) -> Response {
    var response = Response(.ok, body: .file(FileBody(file)))
    response.headers.append(.etag, etag)
    response.headers.append(.acceptRanges, "bytes")
    if let wanted = request.headers[.ifNoneMatch], matches(wanted, etag) {
      response.status = .notModified
      response.body = .none
      return response
    }
    response.headers.append(.contentType, contentType)
    response.headers.append(.contentDisposition, ContentDisposition.value(disposition, fileName: fileName))
    response.cut(to: request, etag: etag, file)
    return response
  }

  /// The entity tag of a document: of its bytes.
  package static func tag(of bytes: [UInt8]) -> String { "\"\(Hexadecimal.encode(SHA256.digest(bytes).prefix(12)))\"" }

  /// The same document with its tag, or 304 for who has it already (RFC 9110 13.1.2).
  package func tagged(_ tag: String, for request: Request) -> Response {
    var response = self
    response.headers.set(.etag, tag)
    guard let wanted = request.headers[.ifNoneMatch], Response.matches(wanted, tag) else { return response }
    response.status = .notModified
    response.body = .none
    return response
  }

  /// Applies a Range field; with an If-Range that names another version the whole file is sent (RFC 9110 13.1.5).
  private mutating func cut(to request: Request, etag: String, _ file: OpenFile) {
    guard request.method == .get else { return }
    if let version = request.headers[.ifRange], version != etag { return }
    switch ByteRange(request.headers[.range], size: file.size) {
    case .whole: break
    case .part(let range):
      status = .partialContent
      headers.append(.contentRange, "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)")
      body = .file(FileBody(file, offset: range.lowerBound, count: Int64(range.count)))
    case .unsatisfiable:
      status = .rangeNotSatisfiable
      headers.append(.contentRange, "bytes */\(file.size)")
      body = .none
    }
  }

  /// Weak comparison with a list of entity tags (RFC 9110 section 13.1.2).
  private static func matches(_ list: String, _ etag: String) -> Bool {
    let wanted = strong(etag.utf8[...])
    return list.utf8.split(separator: 0x2C).contains { entry in
      let tag = entry.drop { $0 == .space || $0 == .tab }.prefix { $0 != .space && $0 != .tab }
      return tag.elementsEqual("*".utf8) || strong(tag).elementsEqual(wanted)
    }
  }

  private static func strong(_ tag: Substring.UTF8View) -> Substring.UTF8View {
    tag.starts(with: "W/".utf8) ? tag.dropFirst(2) : tag
  }
}
