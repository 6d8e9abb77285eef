/// Reads what was fetched of a site.
///
/// What it makes of it is believed no further than any client's word: whoever uses it checks each address.
package protocol PageReader: Sendable {
  /// Blocks until the document is read; throws `ReadingFailure`.
  func read(_ document: WebDocument, isCanceled: @escaping @Sendable () -> Bool) throws(ReadingFailure) -> WebContent
}

/// A document of a site in a file of the spool.
package struct WebDocument: Sendable {
  package enum Kind: Sendable {
    case page
    /// A sitemap, an index of some, a feed, or a list of addresses; any of them may be compressed.
    case sitemap
  }

  package let path: String
  package let kind: Kind
  /// Where it was found after all redirects.
  package let address: String
  package let workspaceID: Int64
}

/// What a document of a site says.
package enum WebContent: Sendable, Equatable {
  case page(WebPage)
  case list(WebList)
}

/// What a page says of itself and leads to; all addresses are absolute.
package struct WebPage: Sendable, Equatable {
  package struct Link: Sendable, Equatable {
    package var address: String
    /// True where the page asks crawlers not to follow it.
    package var isForPeopleOnly = false

    package init(_ address: String, isForPeopleOnly: Bool = false) {
      self.address = address
      self.isForPeopleOnly = isForPeopleOnly
    }
  }

  package var canonical: String?
  /// What it says to robots, in small letters, such as `noindex`.
  package var robots: Set<String> = []
  package var links: [Link] = []

  package init() {}
}

/// What a list of addresses names.
package struct WebList: Sendable, Equatable {
  /// True for addresses of other lists.
  package var isIndex: Bool
  package var addresses: [String]

  package init(isIndex: Bool, addresses: [String]) {
    self.isIndex = isIndex
    self.addresses = addresses
  }
}

/// Why a document was not read.
package enum ReadingFailure: Error, Equatable {
  /// It is at fault, in words that follow its address.
  case document(String)
  /// Nobody can tell; it is to be tried again.
  case notNow(String)
}
