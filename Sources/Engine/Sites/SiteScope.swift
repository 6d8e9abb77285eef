import Formats
import Storage

/// Which addresses belong to a site, and which of them may be pages that are wanted.
struct SiteScope {
  /// Endings of what is no page and need not be asked for: pictures, sound and film, archives, documents, and what pages
  /// are made with.
  private static let otherEndings: Set<String> = [
    "avif", "bmp", "gif", "heic", "ico", "jpeg", "jpg", "png", "svg", "tif", "tiff", "webp",
    "aac", "avi", "flac", "m4a", "m4v", "mkv", "mov", "mp3", "mp4", "mpeg", "mpg", "oga", "ogg", "ogv", "wav", "webm",
    "wmv",
    "7z", "apk", "bin", "bz2", "deb", "dmg", "exe", "gz", "iso", "jar", "msi", "rar", "rpm", "tar", "tgz", "xz", "zip",
    "zst",
    "csv", "doc", "docx", "epub", "ics", "odp", "ods", "odt", "pdf", "ppt", "pptx", "rtf", "txt", "vcf", "xls", "xlsx",
    "atom", "css", "eot", "js", "json", "map", "mjs", "otf", "rss", "swf", "ttf", "wasm", "woff", "woff2", "xml",
  ]

  /// Scheme, host and port of the site.
  let origin: String
  private let scheme: String?
  private let host: String
  private let port: Int?
  private let include: [AddressPattern]
  private let exclude: [AddressPattern]
  /// True where the name with `www.` and the one without are one address.
  private let joinsNames: Bool

  init(_ site: Site) {
    origin = site.origin ?? SiteScope.origin(of: site.root)
    let address = WebAddress(origin)
    scheme = address.scheme
    host = SiteScope.plain(address.host)
    port = address.port
    include = site.include.map { AddressPattern($0) }
    exclude = site.exclude.map { AddressPattern($0) }
    // The addresses of a sitemap are the site's own words.
    joinsNames = site.mode == .crawl
  }

  /// Scheme, host and port of a normalised address.
  static func origin(of address: String) -> String {
    let address = WebAddress(address)
    return "\(address.scheme ?? "")://\(address.authority ?? "")"
  }

  /// An address of this site in the one spelling by which it is known; nil for any other.
  func own(_ text: String) -> String? {
    let address = WebAddress(written: text).normalised
    guard address.isWeb, address.scheme == scheme, address.port == port, SiteScope.plain(address.host) == host,
      address.authority?.contains("@") == false
    else { return nil }
    let whole = joinsNames ? origin + address.pathAndQuery : address.description
    return WebhookAddress.problem(of: whole) == nil ? whole : nil
  }

  /// Whether an address may be that of a page, by its ending.
  static func mayBePage(_ address: String) -> Bool {
    let last = WebAddress(address).path.split(separator: "/").last ?? ""
    guard let dot = last.lastIndex(of: ".") else { return true }
    return !otherEndings.contains(last[last.index(after: dot)...].lowercased())
  }

  /// Whether the patterns of whoever asked let it be one of the pages.
  func isWanted(_ address: String) -> Bool {
    let address = WebAddress(address)
    return (include.isEmpty || include.contains { $0.matches(address) })
      && !exclude.contains { $0.matches(address) }
  }

  private static func plain(_ host: String?) -> String {
    let host = host ?? ""
    return host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
  }
}
