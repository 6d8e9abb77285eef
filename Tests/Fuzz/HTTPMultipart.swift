// modules: CSystem Basics HTTP
@testable import HTTP

/// Takes a form apart whole, in two pieces and byte by byte: parts and data must be the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 1, let start else { return 0 }
  let bytes = UnsafeRawBufferPointer(start: start + 1, count: count - 1)
  let split = Int(start[0]) * bytes.count / 255
  let whole = outcome(bytes, [bytes.count])
  precondition(whole == outcome(bytes, [split, bytes.count]), "another outcome when split at \(split)")
  precondition(whole == outcome(bytes, Array(1...bytes.count)), "another outcome byte by byte")
  return 0
}

private struct Part: Equatable {
  let part: MultipartPart
  var data: [UInt8] = []
  var isWhole = false
}

/// The parts, or nil for a form that is refused or not at its end.
private func outcome(_ bytes: UnsafeRawBufferPointer, _ ends: [Int]) -> [Part]? {
  var parts: [Part] = []
  do {
    var parser = Multipart(try MultipartBoundary(Array("b".utf8)))
    var start = 0
    for end in ends {
      try parser.feed(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) { event in
        switch event {
        case .part(let part):
          precondition(parts.last?.isWhole != false)
          parts.append(Part(part: part))
        case .data(let data): parts[parts.count - 1].data += data
        case .endOfPart: parts[parts.count - 1].isWhole = true
        }
      }
      start = end
    }
    try parser.finish()
    precondition(parts.allSatisfy(\.isWhole))
    return parts
  } catch {
    return nil
  }
}
