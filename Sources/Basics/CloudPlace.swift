/// Where a file lives elsewhere: an object in a bucket that is spoken to in S3's protocol, or a file of an FTP server.
package struct CloudPlace: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case s3, ftp
  }

  /// Where an address of S3's protocol says the bucket: before its path, or before its host.
  package enum Style: String, Sendable, CaseIterable {
    case path, host
  }

  /// What can be wrong with a place.
  package enum Part: String, Sendable {
    case endpoint, region, bucket, path, user, password
  }

  package static let usualRegion = "us-east-1"
  /// Bytes of a key (Amazon S3, "Naming Amazon S3 objects").
  package static let longestPath = 1024
  private static let longestWord = 255

  package let kind: Kind
  /// Scheme, host and port of a server of S3's protocol; host and port of one of FTP.
  package let endpoint: String
  package let region: String
  package let bucket: String
  /// The key of an object or the path of a file; of an output what its name is made of.
  package let path: String
  package let style: Style
  /// True when nothing may go to the server before the connection is encrypted; FTP's alone, for the scheme says it else.
  package let needsTLS: Bool

  /// An object; without an endpoint it is Amazon's of the region, whose buckets are hosts.
  package init(s3 endpoint: String?, region: String?, bucket: String, key: String, style: Style? = nil) {
    let region = region ?? CloudPlace.usualRegion
    let isHost = endpoint == nil && !bucket.contains(".")
    self.init(
      .s3, endpoint: endpoint ?? "https://s3.\(region).amazonaws.com", region: region, bucket: bucket, path: key,
      style: style ?? (isHost ? .host : .path), needsTLS: false)
  }

  /// A file of the server at `host`, which may have a port; a path without a slash at its beginning is one below the
  /// user's own folder.
  package init(ftp host: String, path: String, needsTLS: Bool = false) {
    self.init(.ftp, endpoint: host, region: "", bucket: "", path: path, style: .path, needsTLS: needsTLS)
  }

  private init(
    _ kind: Kind, endpoint: String, region: String, bucket: String, path: String, style: Style, needsTLS: Bool
  ) {
    self.kind = kind
    self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
    self.region = region
    self.bucket = bucket
    self.path = path
    self.style = style
    self.needsTLS = needsTLS
  }

  /// The same with another path.
  package func at(_ path: String) -> CloudPlace {
    CloudPlace(
      kind, endpoint: endpoint, region: region, bucket: bucket, path: path, style: style, needsTLS: needsTLS)
  }

  /// The same bucket in another region: with Amazon, whose endpoints are by region, at the endpoint of that one.
  package func moved(to region: String) -> CloudPlace {
    let isAmazons = endpoint == CloudPlace(s3: nil, region: self.region, bucket: bucket, key: path).endpoint
    return CloudPlace(s3: isAmazons ? nil : endpoint, region: region, bucket: bucket, key: path, style: style)
  }

  /// What people are shown, which has no secret in it.
  package var shown: String {
    kind == .s3 ? "s3://\(bucket)/\(path)" : "ftp://\(endpoint)/\(path.drop { $0 == "/" })"
  }

  /// As one text, which `init(text:)` reads.
  package var text: String {
    [kind.rawValue, endpoint, region, bucket, path, style.rawValue, needsTLS ? "tls" : ""].joined(separator: "\n")
  }

  /// Nil for anything but such a text.
  package init?(text: String) {
    let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 7, let kind = Kind(rawValue: parts[0]), let style = Style(rawValue: parts[5]) else {
      return nil
    }
    self.init(
      kind, endpoint: parts[1], region: parts[2], bucket: parts[3], path: parts[4], style: style,
      needsTLS: parts[6] == "tls")
  }

  /// What is wrong with it, or nil; a path that names are made of may be empty or end with a slash.
  package func problem(isTemplate: Bool = false) -> (part: Part, text: String)? {
    for (part, text, most) in [
      (Part.endpoint, endpoint, CloudPlace.longestWord), (.region, region, CloudPlace.longestWord),
      (.bucket, bucket, CloudPlace.longestWord), (.path, path, CloudPlace.longestPath),
    ] {
      if text.utf8.count > most { return (part, "is longer than \(most) bytes") }
      if CloudPlace.hasControls(text) { return (part, "has control characters") }
    }
    // Amazon's address is made of these.
    if kind == .s3 {
      let isWord = { (text: String) in text.utf8.allSatisfy { CloudPlace.isOfWord($0) } && !text.isEmpty }
      if !isWord(region) { return (.region, "must be letters, digits, hyphens and dots") }
      if !isWord(bucket) || bucket.hasPrefix(".") { return (.bucket, "must be letters, digits, hyphens and dots") }
    }
    guard let address = CloudAddress(self) else {
      return (.endpoint, kind == .s3 ? "must begin with http:// or https:// and name a host" : "must name a host")
    }
    if let problem = address.problem { return (.endpoint, problem) }
    if !isTemplate, path.isEmpty || path.hasSuffix("/") { return (.path, "must name one file") }
    // What is on the way takes them for steps up and down, and another object would be meant.
    if path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) {
      return (.path, "has a part that is . or ..")
    }
    return nil
  }

  static func hasControls(_ text: String) -> Bool { text.utf8.contains { $0 < 0x20 || $0 == 0x7F } }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
    default: false
    }
  }
}
