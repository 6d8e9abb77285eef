import Synchronization

/// The conversions that the server can do now, which are others when a program comes, goes or breaks.
///
/// Whoever answers a request reads `now` once, so that all of it is about one catalogue.
package final class CatalogueSource: Sendable {
  private let catalogue: Mutex<Catalogue>

  package init(_ catalogue: Catalogue = .standard) {
    self.catalogue = Mutex(catalogue)
  }

  package var now: Catalogue { catalogue.withLock { $0 } }

  package func change(to catalogue: Catalogue) {
    self.catalogue.withLock { $0 = catalogue }
  }
}
