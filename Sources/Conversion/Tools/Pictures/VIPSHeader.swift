import Basics

/// What vipsheader tells of a picture, before it is decoded.
struct VIPSHeader {
  let width: Int
  let height: Int
  /// Pages or frames.
  let pages: Int
  let interpretation: String
  let hasProfile: Bool
  /// True with EXIF, XMP or IPTC.
  let hasMetadata: Bool

  /// Reads what `vipsheader -a` prints: a line for each field, the picture's own before what its metadata say.
  init?(_ text: String) {
    var fields: [Substring: Substring] = [:]
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon]
      if fields[name] == nil { fields[name] = line[line.index(after: colon)...].drop { $0 == " " } }
    }
    guard let width = fields["width"].flatMap({ Int($0) }), let height = fields["height"].flatMap({ Int($0) }),
      width > 0, height > 0
    else { return nil }
    self.width = width
    self.height = height
    pages = max(1, fields["n-pages"].flatMap { Int($0) } ?? 1)
    interpretation = String(fields["interpretation"] ?? "")
    hasProfile = fields["icc-profile-data"] != nil
    hasMetadata = ["exif-data", "xmp-data", "iptc-data", "photoshop-data", "gif-comment-0"].contains {
      fields[$0] != nil
    }
  }

  /// The sides in each line that vipsheader prints of several pictures, as in "name: 640x480 uchar, 3 bands, …".
  static func sides(_ text: String) -> [(width: Int, height: Int)] {
    text.split(separator: "\n").compactMap { line in
      guard let sides = line.parts(between: ": ").last?.prefix(while: { $0 != " " }).split(separator: "x"),
        sides.count == 2, let width = Int(sides[0]), let height = Int(sides[1])
      else { return nil }
      return (width, height)
    }
  }
}
