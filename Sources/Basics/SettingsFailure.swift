/// A setting that cannot be used: where it stands, what is wrong and what would be right.
package struct SettingsFailure: Error, CustomStringConvertible, Equatable {
  package let place: String
  package let problem: String

  package init(place: String, problem: String) {
    self.place = place
    self.problem = problem
  }

  package var description: String { "\(place): \(problem)" }
}
