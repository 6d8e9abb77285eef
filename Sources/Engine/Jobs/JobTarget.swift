package import Basics
package import Storage

/// A place elsewhere to which a job's outputs go, and how far that is.
package struct JobTarget: Sendable {
  package let target: Target
  package let place: CloudPlace

  package var status: Target.Status { target.status }
  /// Why it failed, in words.
  package var message: String? { target.message }

  /// Throws `UnknownWord` for a place that this version does not know.
  init(_ target: Target) throws {
    guard let place = CloudPlace(text: target.place) else { throw UnknownWord(column: "place", text: target.place) }
    self.target = target
    self.place = place
  }

  /// Where the outputs of these names go, in their order and each somewhere else; `job` is its public identifier.
  func paths(of names: [String], job: String) -> [String] {
    FileNames.numbered(names.enumerated().map { path(of: $1, number: $0 + 1, job: job) })
  }

  private func path(of name: String, number: Int, job: String) -> String {
    let (stem, ending) = FileNames.split(name)
    let values = [
      "name": name, "stem": String(stem), "extension": String(ending.dropFirst()),
      "number": String(number), "job": job,
    ]
    var path = ""
    var rest = place.path[...]
    while let open = rest.firstIndex(of: "{") {
      path += rest[..<open]
      rest = rest[open...].dropFirst()
      if let close = rest.firstIndex(of: "}"), let value = values[String(rest[..<close])] {
        path += value
        rest = rest[close...].dropFirst()
      } else {
        path += "{"
      }
    }
    path += rest
    return path.isEmpty || path.hasSuffix("/") ? path + name : path
  }
}
