/// TCP ports as an operator lists them: `80,443,8000-8999`, or after `!` all but those.
package struct PortSet: Sendable, Equatable {
  private let ranges: [ClosedRange<UInt16>]
  private let isNegated: Bool

  /// Reads a list; nil for anything else, the empty one included.
  package init?(_ text: String) {
    isNegated = text.hasPrefix("!")
    var ranges: [ClosedRange<UInt16>] = []
    for word in (isNegated ? text.dropFirst() : text[...]).split(separator: ",", omittingEmptySubsequences: false) {
      let ends = word.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) ?? 0 }
      guard let first = ends.first, let last = ends.last, ends.count <= 2, first > 0, first <= last else { return nil }
      ranges.append(first...last)
    }
    guard !ranges.isEmpty else { return nil }
    self.ranges = ranges
  }

  package func contains(_ port: UInt16) -> Bool {
    port > 0 && ranges.contains { $0.contains(port) } != isNegated
  }
}
