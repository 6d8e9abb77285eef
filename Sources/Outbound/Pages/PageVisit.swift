/// What a page and all that it brings along may do on the network, and how much of it.
package struct PageVisit: Sendable {
  /// Bytes received and sent together, heads and what a tunnel carries included.
  package let mostBytes: Int64
  /// Each tunnel counts as one; so does each file of the site of our own.
  package let mostRequests: Int
  /// For the whole visit, from its begin.
  package let timeLimit: Duration
  package let origin: PageOrigin?
  /// False for a page that may ask for nothing but the files of its own site.
  package let reachesOthers: Bool

  package init(
    mostBytes: Int64, mostRequests: Int, timeLimit: Duration, origin: PageOrigin? = nil, reachesOthers: Bool = true
  ) {
    self.reachesOthers = reachesOthers
    self.mostBytes = mostBytes
    self.mostRequests = mostRequests
    self.timeLimit = timeLimit
    self.origin = origin
  }
}
