// modules: CSystem Basics HTTP
@testable import HTTP

/// Decodes a chunked body whole, in two pieces and byte by byte: the data and the end must be the same.
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

private struct Outcome: Equatable {
  var data: [UInt8] = []
  var used: Int?
  var isRefused = false
}

private func outcome(_ bytes: UnsafeRawBufferPointer, _ ends: [Int]) -> Outcome {
  var coding = ChunkedCoding()
  var outcome = Outcome()
  var offset = 0
  do {
    for end in ends {
      let piece = UnsafeRawBufferPointer(rebasing: bytes[..<end])
      while true {
        let before = offset
        let step = try coding.next(piece, from: &offset)
        precondition(offset >= before && offset <= piece.count)
        if step == .more { break }
        if step == .end {
          outcome.used = offset
          return outcome
        }
        guard case .data(let range) = step else { continue }
        precondition(!range.isEmpty && range.upperBound <= piece.count)
        outcome.data += piece[range]
      }
      precondition(offset == piece.count)
    }
  } catch {
    // How much data came before the fault depends on nothing but the bytes either.
    outcome.isRefused = true
  }
  return outcome
}
