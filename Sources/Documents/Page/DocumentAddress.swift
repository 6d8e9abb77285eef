/// Addresses in links of documents.
enum DocumentAddress {
  private static let schemes = ["http:", "https:", "mailto:", "tel:", "ftp:", "sftp:", "news:", "doi:", "urn:"]

  /// Whether a link leads out of the document and neither runs a script nor names a file of this machine.
  static func isKept(_ address: String) -> Bool {
    let start = address.prefix(10).lowercased()
    return schemes.contains { start.hasPrefix($0) }
  }
}
