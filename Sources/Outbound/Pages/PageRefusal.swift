/// An answer of the proxy's own: a status and, where the network is at fault, one word about it.
enum PageRefusal: String {
  case malformed, missing, method
  case address, port, limit, name, connect, lost, timeout

  private var status: String {
    switch self {
    case .malformed: "400 Bad Request"
    case .missing: "404 Not Found"
    case .method: "405 Method Not Allowed"
    case .address, .port, .limit: "403 Forbidden"
    case .name, .connect, .lost: "502 Bad Gateway"
    case .timeout: "504 Gateway Timeout"
    }
  }

  private var field: String {
    switch self {
    case .malformed, .missing: ""
    case .method: "Allow: GET, HEAD\r\n"
    default: "X-Wonder-Refused: \(rawValue)\r\n"
    }
  }

  var bytes: [UInt8] {
    Array("HTTP/1.1 \(status)\r\n\(field)Content-Length: 0\r\nConnection: close\r\n\r\n".utf8)
  }
}
