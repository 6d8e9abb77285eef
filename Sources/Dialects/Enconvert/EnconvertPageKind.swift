/// One of the addresses that take pages or sites, and what is made of each page.
struct EnconvertPageKind: Sendable {
  let name: String
  let target: String
  /// True where the address is that of a whole site.
  let isSite: Bool
  var options: [String: String] = [:]

  static let all = [
    EnconvertPageKind(name: "url-to-pdf", target: "pdf", isSite: false),
    EnconvertPageKind(name: "url-to-screenshot", target: "png", isSite: false),
    EnconvertPageKind(name: "url-to-markdown", target: "md", isSite: false, options: ["main_text": "true"]),
    EnconvertPageKind(name: "website-to-pdf", target: "pdf", isSite: true),
    EnconvertPageKind(name: "website-to-screenshot", target: "png", isSite: true),
  ]

  static func named(_ name: String) -> EnconvertPageKind? { all.first { $0.name == name } }
}
