import Formats
import Outbound

/// Why a page is not there, in words for whoever asked for it; only operators hear where an address leads.
struct PageFailure {
  enum Kind {
    case status(Int)
    /// In the browser's words.
    case error(String)
    case file
    case late
  }

  let failure: ConversionFailure

  init(_ kind: Kind, state: PageState, traffic: PageTraffic, seconds: Double) {
    // What the door says of the host that the page's document was last asked of.
    let host = PageHost(of: state.address)?.name ?? ""
    let trouble = traffic.troubles[host]
    let words = trouble.map { "\(PageFailure.plain(host)): \($0)" } ?? ""
    func failed(_ code: ConversionFailure.Code, _ sentence: String) -> ConversionFailure {
      ConversionFailure(code, sentence, words: words)
    }
    failure =
      switch kind {
      case .status where trouble != nil, .error where trouble != nil: failed(.pageUnreachable, PageFailure.unreached)
      case .status(404): failed(.pageStatus, "the page was not found: its server answered with status 404")
      case .status(let status): failed(.pageStatus, "the page's server answered with status \(status)")
      case .file:
        failed(.pageIsFile, PageFailure.file(state))
      case .late:
        failed(.pageTimeout, "the page did not finish loading in \(PageFailure.words(Int64(seconds * 1000)))")
      case .error(let error): PageFailure.failure(of: error, state, failed)
      }
  }

  private static func file(_ state: PageState) -> String {
    "the address leads to a file" + (state.mediaType.isEmpty ? "" : " (\(plain(state.mediaType)))")
      + " and not to a page; files are converted from their own formats"
  }

  /// One sentence whether there is no such name, nobody there, or an address that is not allowed, for the difference tells of
  /// networks behind this server.
  static let unreached = "the page's server could not be reached"

  private static func failure(
    of error: String, _ state: PageState, _ failed: (ConversionFailure.Code, String) -> ConversionFailure
  ) -> ConversionFailure {
    let name = error.hasPrefix("net::") ? String(error.dropFirst(5)) : error
    if name.hasPrefix("ERR_CERT_") {
      return failed(.pageCertificate, "the certificate of the page's server is wrong (\(name))")
    }
    if name.hasPrefix("ERR_SSL_") {
      return failed(.pageCertificate, "no protected connection to the page's server could be made (\(name))")
    }
    switch name {
    case "ERR_TOO_MANY_REDIRECTS": return ConversionFailure.pageRestless
    case "ERR_TIMED_OUT", "ERR_CONNECTION_TIMED_OUT":
      return failed(.pageTimeout, "the page's server did not answer in time")
    case "ERR_TUNNEL_CONNECTION_FAILED", "ERR_PROXY_CONNECTION_FAILED", "ERR_UNSAFE_PORT", "ERR_NAME_NOT_RESOLVED",
      "ERR_CONNECTION_REFUSED", "ERR_ADDRESS_UNREACHABLE":
      return failed(.pageUnreachable, unreached)
    // What the browser would show, it does not break off.
    case "ERR_ABORTED" where state.isDownload || state.status.map { $0 / 100 == 2 && $0 != 204 && $0 != 205 } ?? false:
      return failed(.pageIsFile, file(state))
    case "ERR_ABORTED" where state.status != nil:
      return failed(.pageEmpty, "the page's server answered with status \(state.status ?? 0), which has no page")
    case "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "ERR_CONNECTION_CLOSED":
      return failed(.pageFailed, "the page's server ended the connection")
    case "ERR_UNSAFE_REDIRECT", "ERR_UNKNOWN_URL_SCHEME", "ERR_DISALLOWED_URL_SCHEME", "ERR_BLOCKED_BY_CLIENT":
      return failed(.pageFailed, "the page leads to an address that is none of the web's")
    default: return failed(.pageFailed, "the page could not be loaded (\(plain(name)))")
    }
  }

  /// True for what a browser would not show as a page.
  static func isFile(_ mediaType: String) -> Bool {
    mediaType == "application/pdf" || mediaType == "application/octet-stream" || mediaType == "application/zip"
  }

  /// A span for people.
  static func words(_ milliseconds: Int64) -> String {
    let seconds = Double(milliseconds) / 1000
    return seconds == 1 ? "1 second" : "\(OptionValue.decimal(seconds).text) seconds"
  }

  /// Printable ASCII of at most a line, for what comes from others.
  private static func plain(_ text: String) -> String {
    String(decoding: text.utf8.prefix(100).filter { (0x20..<0x7F).contains($0) }, as: UTF8.self)
  }
}
