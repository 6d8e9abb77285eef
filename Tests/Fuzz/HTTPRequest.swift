// modules: CSystem Basics HTTP
@testable import HTTP

/// Reads a head whole and in two pieces: the outcome must be the same, and what is accepted must keep its promises.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 1, let start else { return 0 }
  let bytes = UnsafeRawBufferPointer(start: start + 1, count: count - 1)
  let split = Int(start[0]) * bytes.count / 255
  let whole = outcome(bytes, [bytes.count])
  precondition(whole == outcome(bytes, [split, bytes.count]), "another outcome when split at \(split)")
  return 0
}

private func outcome(_ bytes: UnsafeRawBufferPointer, _ ends: [Int]) -> String {
  var parser = RequestParser()
  do {
    for end in ends {
      guard let (head, count) = try parser.parse(UnsafeRawBufferPointer(rebasing: bytes[..<end])) else { continue }
      check(head)
      let fields = (0..<head.headers.count).map { "\(head.headers.fields[$0])" }
      return
        "\(count) \(head.method) \(head.path) \(head.query) \(head.host) \(head.framing) \(head.wantsClose) \(fields)"
    }
    return "more"
  } catch {
    precondition((400...505).contains(error.status.code))
    return "\(error.status.code)"
  }
}

private func check(_ head: RequestHead) {
  precondition(head.path == "*" || head.path.utf8.first == 0x2F)
  precondition(!head.path.utf8.contains(0))
  precondition(
    !head.path.utf8.split(separator: 0x2F).contains { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) })
  precondition(!head.isVersion11 || !head.host.isEmpty)
  precondition(head.host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\/@,".utf8.contains($0) })
  if case .length(let length) = head.framing { precondition(length >= 0 && length <= KnownFields.largestLength) }
  var written: [UInt8] = []
  head.headers.write(to: &written)
  precondition(!written.contains(0))
}
