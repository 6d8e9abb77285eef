import Basics

/// Writes the Content-Disposition of a download (RFC 6266 with the encoding of RFC 8187).
package enum ContentDisposition {
  package enum Kind: String, Sendable {
    case attachment, inline
  }

  /// Both names: a plain one for old clients, in which anything unusual is `_`, and the exact one in UTF-8.
  package static func value(_ kind: Kind = .attachment, fileName: String) -> String {
    var plain = ""
    for scalar in fileName.unicodeScalars {
      let isPlain = scalar.isASCII && scalar.value >= 0x20 && !"\"\\%/\u{7F}".unicodeScalars.contains(scalar)
      plain.unicodeScalars.append(isPlain ? scalar : "_")
    }
    return "\(kind.rawValue); filename=\"\(plain)\"; filename*=UTF-8''\(PercentEncoding.segment(fileName))"
  }
}
