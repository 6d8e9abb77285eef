/// Where in the extensions of a chunk a byte stands: `*( BWS ";" BWS name [ BWS "=" BWS value ] )` and nothing looser (RFC
/// 9112 section 7.1.1).
enum ChunkExtension {
  static let semicolon: UInt8 = 0x3B
  private static let equals: UInt8 = 0x3D
  private static let quote: UInt8 = 0x22
  private static let backslash: UInt8 = 0x5C

  /// After the size of the chunk, or after a value and a space.
  case beforeSemicolon
  case beforeName
  case name
  case afterName
  case beforeValue
  case value
  case quoted
  case escaped
  case afterQuoted

  /// True where the line may end.
  var mayEnd: Bool {
    switch self {
    case .name, .value, .afterQuoted: true
    default: false
    }
  }

  /// The place after this byte, or nil when it must not stand here.
  func after(_ byte: UInt8) -> ChunkExtension? {
    let isSpace = byte == .space || byte == .tab
    switch self {
    case .beforeSemicolon: return isSpace ? .beforeSemicolon : byte == Self.semicolon ? .beforeName : nil
    case .beforeName: return isSpace ? .beforeName : byte.isToken ? .name : nil
    case .name where byte.isToken: return .name
    case .name, .afterName:
      if isSpace { return .afterName }
      return byte == Self.equals ? .beforeValue : byte == Self.semicolon ? .beforeName : nil
    case .beforeValue:
      if isSpace { return .beforeValue }
      return byte == Self.quote ? .quoted : byte.isToken ? .value : nil
    case .value where byte.isToken: return .value
    case .value, .afterQuoted: return isSpace ? .beforeSemicolon : byte == Self.semicolon ? .beforeName : nil
    case .quoted:
      switch byte {
      case Self.quote: return .afterQuoted
      case Self.backslash: return .escaped
      default: return byte.isFieldValue ? .quoted : nil
      }
    case .escaped: return byte.isFieldValue ? .quoted : nil
    }
  }
}
