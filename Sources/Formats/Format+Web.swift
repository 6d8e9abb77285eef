/// What stands on the web.
extension Format {
  /// The address of a page, as browsers and desktops keep it.
  package static let url = document(
    "url", ["website", "webpage"], "application/x-mswinurl", "the address of a web page")
  /// A page with all its pictures and styles in one file (RFC 2557).
  package static let mhtml = document("mhtml", ["mht"], "multipart/related", "MHTML")

  static let web = [url, mhtml]
}
