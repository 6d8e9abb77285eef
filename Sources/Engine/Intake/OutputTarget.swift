import Basics
import Storage

/// A place elsewhere to which the outputs of a job go.
package struct OutputTarget: Sendable {
  /// Its path is what each output's own is made of: {name}, {stem}, {extension}, {number} and {job} stand for what is the
  /// output's, and one that is empty or ends with a slash is followed by its name.
  package let spot: CloudSpot
  /// The position of the task whose outputs they are, from 0; nil for those of all.
  package let task: Int?

  package init(_ spot: CloudSpot, task: Int? = nil) {
    self.spot = spot
    self.task = task
  }

  /// Throws `Refusal.unknownStorage` for one that was not looked up.
  func row() throws(Refusal) -> NewTarget {
    let (place, credentials) = try spot.opened()
    return NewTarget(task: task, place: place.text, credentials: credentials.text)
  }
}

/// What is to be checked of places elsewhere.
extension Submission {
  package static let mostTargets = 20

  /// Throws `Refusal.invalidFields` for what a dialect has let through.
  func checkPlaces() throws(Refusal) {
    var wrong = WrongFields()
    for (number, source) in sources.enumerated() {
      if case .cloud(let file) = source, let problem = file.spot.problem() {
        wrong.append(.address(of: number), problem)
      }
    }
    for (number, target) in targets.enumerated() {
      if let problem = target.spot.problem(isTemplate: true) {
        wrong.append(.output(of: number), problem)
      } else if let task = target.task, !tasks.indices.contains(task) || batch != nil {
        wrong.append(.output(of: number), "is of no target of this request")
      }
    }
    if targets.count > Submission.mostTargets {
      wrong.append(.output(of: 0), "\(targets.count) places are more than the \(Submission.mostTargets) allowed")
    }
    if !targets.isEmpty, batch?.mode == .zip || site != nil {
      wrong.append(.output(of: 0), "cannot be of one archive or of a site; send jobs of their own")
    }
    guard wrong.isEmpty else { throw .invalidFields.naming(wrong) }
  }
}
