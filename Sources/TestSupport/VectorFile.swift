/// Test vectors in NIST's format: `Name = value` lines, a case ended by a line that gives its result.
package enum VectorFile {
  /// The cases of a file, each as names and values; a case ends with its MD line.
  package static func cases(in text: String) -> [[String: String]] {
    var cases: [[String: String]] = []
    var current: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") && !line.hasPrefix("[") {
      let parts = line.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
      guard parts.count == 2 else { continue }
      current[String(parts[0])] = String(parts[1])
      if parts[0] == "MD" {
        cases.append(current)
        current = [:]
      }
    }
    return cases
  }
}
