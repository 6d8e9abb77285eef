/// What a reference stands for.
enum XMLReference {
  case character(Unicode.Scalar)
  case text(String)

  func append(to bytes: inout [UInt8]) {
    switch self {
    case .character(let scalar): bytes.append(contentsOf: scalar.utf8)
    case .text(let text): bytes.append(contentsOf: text.utf8)
    }
  }
}
