import Storage

/// A document of a site that is being fetched or read.
struct SiteFetch {
  enum Purpose {
    case robots
    case page(SitePage)
  }

  let site: Int64
  let workspaceID: Int64
  let purpose: Purpose
  let path: String
  let descriptor: Int32
  let room: IncomingRoom
  var address: String
  var redirects = 0
  /// What its server says to robots about it.
  var robots: Set<String> = []
  /// When it must be there, over all redirects, on the monotonic clock.
  let deadline: Int64

  var page: SitePage? { if case .page(let page) = purpose { page } else { nil } }

  var mostBytes: Int64 {
    switch page?.kind {
    case nil: 1 << 20
    case .page?: 5 << 20
    case .sitemap?: 50 << 20
    }
  }

  /// What it may be, as it is asked for.
  var accepts: String {
    switch page?.kind {
    case nil: "text/plain, */*;q=0.1"
    case .page?: "text/html, application/xhtml+xml, */*;q=0.1"
    case .sitemap?: "application/xml, text/xml, text/plain, application/gzip, */*;q=0.1"
    }
  }
}
