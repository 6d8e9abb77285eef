/// A web site whose pages become the jobs of a batch.
package struct Site: Sendable, Equatable {
  /// How its pages are found.
  package enum Mode: String, Sendable, CaseIterable {
    /// By the links of its pages, from one address on.
    case crawl
    /// By what it says of itself in its sitemaps.
    case sitemap
  }

  package let batchID: Int64
  package let workspaceID: Int64
  package let keyID: Int64?
  package let dialect: String
  package let mode: Mode
  /// The address that was asked for.
  package let root: String
  /// Scheme, host and port to which it has led; nil while that is its own.
  package let origin: String?
  /// How many links a page may be away from the root.
  package let depth: Int
  /// How many pages become jobs at most.
  package let pages: Int
  /// Patterns of which a page's address has to fit one, where there are any.
  package let include: [String]
  /// Patterns of which it may fit none.
  package let exclude: [String]
  package let heedsRobots: Bool
  /// Pages that are jobs or will be.
  package let found: Int
  /// Nil once it is closed.
  package let template: SiteTemplate?

  package var isOpen: Bool { template != nil }
}

/// What a new site is made of.
package struct NewSite: Sendable {
  package var mode: Site.Mode
  package var root: String
  package var depth: Int
  package var pages: Int
  package var include: [String] = []
  package var exclude: [String] = []
  package var heedsRobots = true
  package var template: SiteTemplate
  /// What its jobs have to know and nobody may see.
  package var secrets: [JobSecret] = []

  package init(mode: Site.Mode, root: String, depth: Int, pages: Int, template: SiteTemplate) {
    self.mode = mode
    self.root = root
    self.depth = depth
    self.pages = pages
    self.template = template
  }
}

/// An address that is known of a site.
package struct SitePage: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case page, sitemap
  }

  package enum State: String, Sendable {
    /// To be fetched.
    case waiting
    /// To become a job.
    case found
    /// Done with: it is a job, or another name of one, or none.
    case looked
    /// It could not be had.
    case failed
  }

  package let id: Int64
  package let kind: Kind
  package let address: String
  /// Links from the root, or indexes above a sitemap.
  package let depth: Int
  package let state: State
}
