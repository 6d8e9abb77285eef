/// The names that the objects around a place have had, for readers that refuse one that comes twice.
struct OpenNames {
  private var objects: [Set<ExactName>] = []
  private var count = 0

  mutating func begin() { objects.append([]) }

  mutating func end() { count -= objects.popLast()?.count ?? 0 }

  /// What is wrong with the next name of the innermost object, or nil.
  mutating func add(_ name: String, _ limits: DataLimits) -> (DataFault.Kind, String)? {
    let inner = objects.count - 1
    guard inner >= 0 else { return nil }
    count += 1
    if count > limits.values { return (.tooLarge, "there are more than \(limits.values) names in one object") }
    guard objects[inner].insert(ExactName(name)).inserted else {
      return (.malformed, "the name ‘\(name.prefix(100))’ comes twice in one object")
    }
    return nil
  }
}
