/// One answer: status, header fields and body; the connection adds framing, date and request id.
package struct Response: Sendable {
  package enum Body: Sendable {
    case none
    case bytes([UInt8])
    case file(FileBody)
    case stream(EventStream)
  }

  package var status: Status
  package var headers: Headers
  package var body: Body

  package init(_ status: Status, headers: Headers = Headers(), body: Body = .none) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  package init(_ status: Status, contentType: String, _ bytes: [UInt8]) {
    self.init(status, body: .bytes(bytes))
    headers.append(.contentType, contentType)
  }

  /// A JSON document.
  package static func json(_ status: Status, _ bytes: [UInt8]) -> Response {
    Response(status, contentType: "application/json", bytes)
  }

  package static func text(_ status: Status, _ text: String) -> Response {
    Response(status, contentType: "text/plain; charset=utf-8", Array(text.utf8))
  }

  /// A copy with one more header field.
  package func with(_ name: HeaderName, _ value: String) -> Response {
    var copy = self
    copy.headers.set(name, value)
    return copy
  }

  /// The bytes of the body that a GET gets; of a stream those sent so far.
  var length: Int64 {
    switch body {
    case .none: 0
    case .bytes(let bytes): Int64(bytes.count)
    case .file(let file): file.count
    case .stream(let stream): stream.sent
    }
  }
}
