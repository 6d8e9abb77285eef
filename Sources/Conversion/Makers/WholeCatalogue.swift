import Synchronization

/// What could be done if every program were here and worked: made when somebody asks for something that cannot.
final class WholeCatalogue: Sendable {
  private let make: @Sendable () -> Catalogue
  private let made = Mutex<Catalogue?>(nil)

  init(_ make: @escaping @Sendable () -> Catalogue) {
    self.make = make
  }

  func find() -> Catalogue {
    made.withLock { made in
      let catalogue = made ?? make()
      made = catalogue
      return catalogue
    }
  }
}
