/// A request of a page, read strictly: what two readers could read in two ways is none.
struct PageRequest {
  static let longestHead = 64 << 10

  let method: String
  let target: PageTarget
  let isHTTP10: Bool
  /// Where its body ends.
  let body: BodyMeter
  private let fields: MessageFields

  var isTunnel: Bool { method == "CONNECT" }

  /// Reads a head with the empty line that ends it; nil when it is malformed (RFC 9112 sections 2 to 6).
  init?(_ head: ArraySlice<UInt8>) {
    guard let lines = PageRequest.lines(head), let first = lines.first else { return nil }
    let words = first.split(separator: 0x20, omittingEmptySubsequences: false)
    guard words.count == 3, !words[0].isEmpty, words[0].allSatisfy(MessageFields.isToken) else { return nil }
    switch String(decoding: words[2], as: UTF8.self) {
    case "HTTP/1.1": isHTTP10 = false
    case "HTTP/1.0": isHTTP10 = true
    default: return nil
    }
    method = String(decoding: words[0], as: UTF8.self)
    let target = method == "CONNECT" ? PageTarget(tunnel: words[1]) : PageTarget(absolute: words[1])
    guard let target, let fields = MessageFields(strict: lines.dropFirst()),
      let body = BodyMeter(request: fields, isHTTP10: isHTTP10)
    else { return nil }
    let hosts = fields.values("host").count
    guard hosts == 1 || hosts == 0 && isHTTP10, method != "CONNECT" || body.isComplete else { return nil }
    self.target = target
    self.fields = fields
    self.body = body
  }

  /// The lines of a head, each of which ends with CRLF; nil when a CR or LF stands anywhere else.
  private static func lines(_ head: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
    guard head.suffix(4).elementsEqual("\r\n\r\n".utf8) else { return nil }
    var lines: [ArraySlice<UInt8>] = []
    for line in head.dropLast(2).split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
      guard line.last == 0x0D, !line.dropLast().contains(0x0D) else { return nil }
      lines.append(line.dropLast())
    }
    return lines
  }

  /// The head for the server: the path instead of the whole address, the target's own Host, and one framing.
  var forwarded: [UInt8] {
    var bytes = Array(method.utf8) + [0x20]
    // An address without a path means the whole server to OPTIONS (RFC 9112 section 3.2.4).
    bytes += method == "OPTIONS" && target.path.elementsEqual([0x2F]) ? [0x2A] : target.path
    bytes += (isHTTP10 ? " HTTP/1.0" : " HTTP/1.1").utf8
    bytes += "\r\nHost: \(target.authority)\r\n".utf8
    fields.write(to: &bytes, leaving: ["host"])
    bytes += "\(body.field)Connection: close\r\n\r\n".utf8
    return bytes
  }
}
