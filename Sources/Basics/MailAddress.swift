/// Checks addresses of e-mail before anything is stored or sent: what passes can harm no mail header.
package enum MailAddress {
  static let longest = 254

  /// What is wrong with an address, or nil.
  package static func problem(of text: String) -> String? {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), text.utf8.count <= longest,
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !#"()<>,;:\"[]"#.utf8.contains($0) })
    else { return "must be an address such as name@example.com" }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    // Names of hosts; those of other scripts are sent in their ASCII form (RFC 5890).
    guard
      labels.allSatisfy({ label in
        !label.isEmpty && !label.hasPrefix("-") && !label.hasSuffix("-")
          && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      }), !parts[0].hasPrefix("."),
      !parts[0].hasSuffix("."), !parts[0].contains("..")
    else { return "must be an address such as name@example.com" }
    return nil
  }
}
