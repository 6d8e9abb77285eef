/// Whom a request is for: the host and port of its target and what it asks of them (RFC 9112 section 3.2).
struct PageTarget {
  private static let longestHost = 253

  /// In lower case, an IPv6 address without its brackets.
  let host: String
  let port: Int
  /// The value of the Host field.
  let authority: String
  /// Path and query as they came; empty for a tunnel.
  let path: ArraySlice<UInt8>

  /// Reads `host:port`, as CONNECT has it; nil for anything else.
  init?(tunnel bytes: ArraySlice<UInt8>) {
    self.init(bytes, path: [], defaultPort: nil)
  }

  /// Reads `http://host:port/path?query`; nil for any other scheme or form.
  init?(absolute bytes: ArraySlice<UInt8>) {
    let scheme = "http://".utf8
    guard bytes.count > scheme.count, zip(bytes, scheme).allSatisfy({ PageTarget.lower($0) == $1 }) else { return nil }
    let rest = bytes.dropFirst(scheme.count)
    guard rest.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 && $0 != 0x5C }) else { return nil }
    let end = rest.firstIndex { $0 == 0x2F || $0 == 0x3F } ?? rest.endIndex
    let path = rest[end...]
    self.init(rest[..<end], path: path.first == 0x2F ? path : [0x2F] + path, defaultPort: 80)
  }

  private init?(_ authority: ArraySlice<UInt8>, path: ArraySlice<UInt8>, defaultPort: Int?) {
    let name: ArraySlice<UInt8>
    let rest: ArraySlice<UInt8>
    if authority.first == 0x5B {
      guard let end = authority.firstIndex(of: 0x5D) else { return nil }
      name = authority[(authority.startIndex + 1)..<end]
      rest = authority[(end + 1)...]
      guard name.allSatisfy({ PageTarget.isHexadecimal($0) || $0 == 0x3A || $0 == 0x2E }) else { return nil }
    } else {
      let end = authority.firstIndex(of: 0x3A) ?? authority.endIndex
      name = authority[..<end]
      rest = authority[end...]
      guard name.allSatisfy(PageTarget.isOfName) else { return nil }
    }
    guard !name.isEmpty, name.count <= PageTarget.longestHost,
      let port = PageTarget.port(rest, defaultPort)
    else { return nil }
    host = String(decoding: name.map(PageTarget.lower), as: UTF8.self)
    self.port = port
    self.path = path
    let shown = authority.first == 0x5B ? "[\(host)]" : host
    self.authority = port == 80 && defaultPort != nil ? shown : "\(shown):\(port)"
  }

  /// The port after a colon; the default one where there is none (RFC 3986 section 3.2.3).
  private static func port(_ bytes: ArraySlice<UInt8>, _ defaultPort: Int?) -> Int? {
    guard let first = bytes.first else { return defaultPort }
    let digits = bytes.dropFirst()
    guard first == 0x3A, digits.count <= 5, digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    if digits.isEmpty { return defaultPort }
    let port = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    return 1...65_535 ~= port ? port : nil
  }

  /// What names and IPv4 addresses are made of; what else a registered name may have nobody's host has.
  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
    default: false
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || 0x61...0x66 ~= lower(byte)
  }

  private static func lower(_ byte: UInt8) -> UInt8 { 0x41...0x5A ~= byte ? byte | 0x20 : byte }
}
