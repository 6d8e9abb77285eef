/// The language of a block of code by the classes that highlighters give it.
enum HTMLCodeLanguage {
  private static let prefixes = ["language-", "lang-", "highlight-source-", "brush:"]

  /// The language of a `pre` or of the `code` in it; empty where none is said.
  static func of(_ place: Int, in document: HTMLDocument) -> String {
    var classes = document.nodes[place]["class"] ?? ""
    for child in document.children(of: place).prefix(8) where document.nodes[child].name == "code" {
      classes = (document.nodes[child]["class"] ?? "") + " " + classes
    }
    for name in classes.split(whereSeparator: \.isWhitespace) {
      for prefix in prefixes where name.hasPrefix(prefix) && name.count > prefix.count {
        let language = name.dropFirst(prefix.count)
        let isPlain = language.utf8.allSatisfy { ASCII.isAlphanumeric($0) || "+-#._".utf8.contains($0) }
        if isPlain, language.utf8.count <= 40 { return String(language) }
      }
    }
    return ""
  }
}
