import Storage

/// What dpkg has installed, from its own list (deb-status(5)).
enum DebianPackages {
  private static let list = "/var/lib/dpkg/status"
  private static let mostBytes = 64 << 20

  /// The versions of those that are installed; none where there is no dpkg.
  static func versions(of names: Set<String>, in path: String = list) -> [String: String] {
    guard let bytes = try? FileBytes.read(path, atMost: mostBytes) else { return [:] }
    var versions: [String: String] = [:]
    var name = ""
    var isInstalled = false
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if line.isEmpty { (name, isInstalled) = ("", false) }
      if let value = value(of: "Package: ", line) { name = value }
      if let value = value(of: "Status: ", line) { isInstalled = value.hasSuffix(" installed") }
      if isInstalled, names.contains(name), let value = value(of: "Version: ", line) { versions[name] = value }
    }
    return versions
  }

  private static func value(of field: StaticString, _ line: ArraySlice<UInt8>) -> String? {
    let matches = field.withUTF8Buffer { line.starts(with: $0) }
    return matches ? String(decoding: line.dropFirst(field.utf8CodeUnitCount), as: UTF8.self) : nil
  }
}
