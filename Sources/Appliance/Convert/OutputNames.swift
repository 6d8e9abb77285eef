import Synchronization

/// The names that the outputs of one call have, so that the pieces of one input are never put in the place of another's.
final class OutputNames: Sendable {
  private let taken: Mutex<Set<String>>

  init(_ names: [String]) {
    taken = Mutex(Set(names.map { $0.lowercased() }))
  }

  /// The name that `name` makes of a number, the first one that nobody has: nil comes before 2, 3 and so on.
  func take(_ name: (_ number: Int?) -> String) -> String {
    taken.withLock { taken in
      var number: Int?
      while true {
        let found = name(number)
        if taken.insert(found.lowercased()).inserted { return found }
        number = (number ?? 1) + 1
      }
    }
  }
}
