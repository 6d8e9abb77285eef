/// The head of a server's answer, read as leniently as browsers do and written anew.
struct PageAnswer {
  let status: Int
  /// Where its body ends (RFC 9112 section 6.3).
  let body: BodyMeter
  private let reason: ArraySlice<UInt8>
  private let fields: MessageFields

  /// An answer before the answer (RFC 9110 section 15.2); 101 is none here, for no request asks for an upgrade.
  var isInterim: Bool { 100..<200 ~= status && status != 101 }

  /// Reads a head with the empty line that ends it; nil when it is not HTTP/1.
  init?(_ head: ArraySlice<UInt8>, to request: PageRequest) {
    let lines = head.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      line.last == 0x0D ? line.dropLast() : line
    }
    guard let first = lines.first, first.starts(with: "HTTP/1.".utf8), first.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }),
      let fields = MessageFields(lenient: lines.dropFirst().prefix { !$0.isEmpty })
    else { return nil }
    let words = first.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 2, words[0].count == 8, words[1].count == 3, words[1].allSatisfy({ 0x30...0x39 ~= $0 }),
      let status = Int(String(decoding: words[1], as: UTF8.self)), 100...999 ~= status, status != 101,
      let body = BodyMeter(
        answer: fields, hasNone: request.method == "HEAD" || status < 200 || status == 204 || status == 304,
        isHTTP10: request.isHTTP10)
    else { return nil }
    self.status = status
    self.fields = fields
    self.body = body
    reason = words.count > 2 ? words[2] : []
  }

  /// The head for the page, which is told that the connection ends.
  var forwarded: [UInt8] {
    var bytes = Array("HTTP/1.1 \(status) ".utf8) + reason + [0x0D, 0x0A]
    fields.write(to: &bytes)
    bytes += body.field.utf8
    if !isInterim { bytes += "Connection: close\r\n".utf8 }
    bytes += [0x0D, 0x0A]
    return bytes
  }
}
