package import Basics
package import Storage

/// Changes what plans allow.
package struct PlanDesk: Sendable {
  private let store: Store
  private let clock: Clock

  package init(store: Store, clock: Clock) {
    self.store = store
    self.clock = clock
  }

  /// Changes columns of a plan from texts such as `jobs_per_month` = `none`; all of them or none.
  ///
  /// Throws a `Refusal` that names each column that is unknown and each value that is not valid.
  package func set(plan: String, _ changes: [(name: String, value: String)], by actor: Actor) async throws -> Plan {
    var wrong = WrongFields()
    var sets: [(column: Plans.Column, value: Int64?)] = []
    for (name, text) in changes {
      guard let column = Plans.columns.first(where: { $0.name == name }) else {
        let names = Plans.columns.map(\.name).joined(separator: ", ")
        wrong.append(name, "is nothing of a plan; valid: \(names)")
        continue
      }
      do {
        sets.append((column, try PlanDesk.value(text, column.form)))
      } catch let problem {
        wrong.append(name, "\"\(text)\" is not \(problem.expected)")
      }
    }
    if changes.isEmpty { wrong.append("limits", "at least one is required, as name=value") }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    let now = clock.now()
    return try await store.write { [sets] database in
      try Provisioning.checkPlan(plan, database)
      for (column, value) in sets { try Plans.set(plan, column, to: value, in: database) }
      let detail = changes.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
      try actor.record("plan.set", plan, detail, at: now, in: database)
      guard let changed = try Plans.find(plan, in: database) else { throw Refusal.internalError }
      return changed
    }
  }

  private struct Invalid: Error {
    let expected: String
  }

  private static func value(_ text: String, _ form: Plans.Column.Form) throws(Invalid) -> Int64? {
    switch form {
    case .flag:
      switch text {
      case "true", "1": return 1
      case "false", "0": return 0
      default: throw Invalid(expected: "true or false")
      }
    case .count:
      if text == "none" { return nil }
      guard let number = Quantity.amount(text), number > 0 else { throw Invalid(expected: "a number from 1, or none") }
      return number
    case .size:
      if text == "none" { return nil }
      guard let number = Quantity.bytes(text), (1...Plans.mostBytes).contains(number) else {
        throw Invalid(expected: "a size such as 100MB up to 1048576TB, or none")
      }
      return number
    }
  }
}
