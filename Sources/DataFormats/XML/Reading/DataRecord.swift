/// What a reader has told, packed into bytes, to be told later or elsewhere; it need not be a whole document.
struct DataRecord: DataSink {
  private enum Code: UInt8 {
    case startObject, endObject, startArray, endArray, name, null, yes, no, number, infinity, minusInfinity, notANumber
    case string, moment
  }

  private var bytes: [UInt8] = []

  /// How much memory it takes.
  var count: Int { bytes.count }

  mutating func startObject() { put(.startObject) }
  mutating func endObject() { put(.endObject) }
  mutating func startArray() { put(.startArray) }
  mutating func endArray() { put(.endArray) }
  mutating func name(_ name: String) { put(.name, name) }

  mutating func scalar(_ value: DataScalar) {
    switch value {
    case .null: put(.null)
    case .bool(let value): put(value ? .yes : .no)
    case .number(let text): put(.number, text)
    case .infinity(let negative): put(negative ? .minusInfinity : .infinity)
    case .notANumber: put(.notANumber)
    case .string(let text): put(.string, text)
    case .moment(let text): put(.moment, text)
    }
  }

  mutating func name(utf8: UnsafeRawBufferPointer) { put(.name, utf8) }
  mutating func string(utf8: UnsafeRawBufferPointer) { put(.string, utf8) }
  mutating func number(ascii: UnsafeRawBufferPointer) { put(.number, ascii) }

  mutating func append(_ other: DataRecord) { bytes += other.bytes }

  private mutating func put(_ code: Code) { bytes.append(code.rawValue) }

  /// The length of the text goes before it, seven bits a byte, the last one below 0x80.
  private mutating func put(_ code: Code, _ text: UnsafeRawBufferPointer) {
    put(code)
    var length = text.count
    while length >= 0x80 {
      bytes.append(UInt8(length & 0x7F) | 0x80)
      length >>= 7
    }
    bytes.append(UInt8(length))
    bytes.append(contentsOf: text)
  }

  private mutating func put(_ code: Code, _ text: String) {
    var text = text
    text.withUTF8 { put(code, UnsafeRawBufferPointer($0)) }
  }

  /// Tells all of it.
  func tell(_ sink: inout some DataSink) throws {
    try bytes.withUnsafeBytes { bytes in
      var at = 0
      while at < bytes.count, let code = Code(rawValue: bytes[at]) {
        at += 1
        switch code {
        case .startObject: try sink.startObject()
        case .endObject: try sink.endObject()
        case .startArray: try sink.startArray()
        case .endArray: try sink.endArray()
        case .name: try sink.name(utf8: Self.text(bytes, &at))
        case .null: try sink.scalar(.null)
        case .yes: try sink.scalar(.bool(true))
        case .no: try sink.scalar(.bool(false))
        case .number: try sink.number(ascii: Self.text(bytes, &at))
        case .infinity: try sink.scalar(.infinity(negative: false))
        case .minusInfinity: try sink.scalar(.infinity(negative: true))
        case .notANumber: try sink.scalar(.notANumber)
        case .string: try sink.string(utf8: Self.text(bytes, &at))
        case .moment: try sink.scalar(.moment(String(decoding: Self.text(bytes, &at), as: UTF8.self)))
        }
      }
    }
  }

  private static func text(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> UnsafeRawBufferPointer {
    var length = 0
    var shift = 0
    while bytes[at] >= 0x80 {
      length |= Int(bytes[at] & 0x7F) << shift
      shift += 7
      at += 1
    }
    length |= Int(bytes[at]) << shift
    at += 1
    defer { at += length }
    return UnsafeRawBufferPointer(rebasing: bytes[at..<at + length])
  }
}
