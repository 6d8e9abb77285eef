/// Where the body of a message ends (RFC 9112 section 6.3).
struct BodyMeter {
  private enum Framing {
    case none
    case length(Int64)
    case chunks(ChunkMeter)
    case untilEnd
  }

  /// What says it to the receiver: a field with its line end, or nothing.
  let field: String
  private var framing: Framing

  /// Bytes without a frame, such as a tunnel carries.
  static let untilEnd = BodyMeter(field: "", framing: .untilEnd)

  private init(field: String, framing: Framing) {
    self.field = field
    self.framing = framing
  }

  /// Exactly one framing, or nil: two of them are how requests are smuggled (RFC 9112 section 11.2).
  init?(request fields: MessageFields, isHTTP10: Bool) {
    let codings = fields.values("transfer-encoding")
    let lengths = fields.values("content-length")
    if codings.isEmpty && lengths.isEmpty {
      self.init(field: "", framing: .none)
    } else if codings.isEmpty {
      guard let length = BodyMeter.length(lengths) else { return nil }
      self.init(field: "Content-Length: \(length)\r\n", framing: .length(length))
    } else {
      guard lengths.isEmpty, !isHTTP10, codings.count == 1, codings[0].lowercased() == "chunked" else { return nil }
      self.init(field: "Transfer-Encoding: chunked\r\n", framing: .chunks(ChunkMeter()))
    }
  }

  /// Chunks count more than a length; nil for several lengths or none that is a number, and for chunks in answer to HTTP/1.0.
  init?(answer fields: MessageFields, hasNone: Bool, isHTTP10: Bool) {
    let codings = fields.words("transfer-encoding")
    let lengths = fields.values("content-length")
    if let last = codings.last {
      guard !isHTTP10 else { return nil }
      let field = "Transfer-Encoding: \(codings.joined(separator: ", "))\r\n"
      self.init(
        field: field, framing: hasNone ? .none : last == "chunked" ? .chunks(ChunkMeter()) : .untilEnd)
    } else if lengths.isEmpty {
      self.init(field: "", framing: hasNone ? .none : .untilEnd)
    } else {
      guard let length = BodyMeter.length(lengths) else { return nil }
      self.init(field: "Content-Length: \(length)\r\n", framing: hasNone ? .none : .length(length))
    }
  }

  private static func length(_ values: [String]) -> Int64? {
    guard let first = values.first, values.allSatisfy({ $0 == first }), 1...18 ~= first.utf8.count,
      first.utf8.allSatisfy({ 0x30...0x39 ~= $0 })
    else { return nil }
    return Int64(first)
  }

  var isComplete: Bool {
    switch framing {
    case .none: true
    case .length(let rest): rest == 0
    case .chunks(let chunks): chunks.isComplete
    case .untilEnd: false
    }
  }

  /// True when the end of the connection is the end of the body.
  var endsWithConnection: Bool { if case .untilEnd = framing { true } else { false } }

  /// How many of the bytes are of the body; nil when they are malformed.
  mutating func take(_ bytes: UnsafeRawBufferPointer) -> Int? {
    switch framing {
    case .none: return 0
    case .untilEnd: return bytes.count
    case .length(let rest):
      let count = Int(min(rest, Int64(bytes.count)))
      framing = .length(rest - Int64(count))
      return count
    case .chunks(var chunks):
      let count = chunks.take(bytes)
      framing = .chunks(chunks)
      return count
    }
  }
}
