import Basics

/// The path below which a server is seen from outside, such as "/wonder"; empty when it has the whole address.
package struct PathPrefix: Sendable, Equatable {
  package static let none = PathPrefix(checked: "")
  /// No path of an address is longer that somebody wrote by hand.
  private static let longest = 256

  package let text: String

  private init(checked: String) { text = checked }

  /// Takes a path with or without a slash at its end; nil for what is no plain path, since it ends up in links.
  package init?(_ path: some StringProtocol) {
    var path = Substring(path)
    while path.hasSuffix("/") { path.removeLast() }
    let isPlain = path.utf8.allSatisfy { $0.isLetter || $0.isDigit || "/._~-".utf8.contains($0) }
    guard path.isEmpty || path.hasPrefix("/"), isPlain, path.utf8.count <= PathPrefix.longest,
      !path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).contains(where: {
        $0 == "" || $0 == "." || $0 == ".."
      }) || path.isEmpty
    else { return nil }
    text = String(path)
  }

  /// The path of a URL such as `https://host/wonder`.
  package init(ofURL url: String) {
    guard let start = url.firstRange(of: "://") else {
      self = .none
      return
    }
    let path = url[start.upperBound...].drop { $0 != "/" }.prefix { $0 != "?" && $0 != "#" }
    self = PathPrefix(path) ?? .none
  }

  /// What is left of a path below it; nil for a path elsewhere.
  func rest(of path: String) -> String? {
    guard !text.isEmpty, path.utf8.starts(with: text.utf8) else { return nil }
    let rest = path.utf8.dropFirst(text.utf8.count)
    return rest.first == .slash ? String(Substring(rest)) : nil
  }
}
