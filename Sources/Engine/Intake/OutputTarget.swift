package import Basics
import Storage

/// A place elsewhere to which the outputs of a job go.
package struct OutputTarget: Sendable {
  /// Its path is what each output's own is made of: {name}, {stem}, {extension}, {number} and {job} stand for what is the
  /// output's, and one that is empty or ends with a slash is followed by its name.
  package let place: CloudPlace
  package let credentials: CloudCredentials
  /// The position of the task whose outputs they are, from 0; nil for those of all.
  package let task: Int?

  package init(_ place: CloudPlace, _ credentials: CloudCredentials, task: Int? = nil) {
    self.place = place
    self.credentials = credentials
    self.task = task
  }

  var row: NewTarget { NewTarget(task: task, place: place.text, credentials: credentials.text) }
}

/// What is to be checked of places elsewhere.
extension Submission {
  package static let mostTargets = 20

  /// Throws `Refusal.invalidFields` for what a dialect has let through.
  func checkPlaces() throws(Refusal) {
    var wrong = WrongFields()
    for (number, source) in sources.enumerated() {
      if case .cloud(let file) = source, let problem = file.problem { wrong.append(.address(of: number), problem) }
    }
    for (number, target) in targets.enumerated() {
      if let problem = target.place.problem(isTemplate: true) ?? target.credentials.problem(for: target.place.kind) {
        wrong.append(.output(of: number), "\(problem.part.rawValue) \(problem.text)")
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
