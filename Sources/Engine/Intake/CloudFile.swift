package import Basics
import Storage

/// A file that lives elsewhere, and what opens its place.
package struct CloudFile: Sendable {
  package let place: CloudPlace
  package let credentials: CloudCredentials
  /// What its output is called after; else the last part of its path is.
  package let name: String?

  package init(_ place: CloudPlace, _ credentials: CloudCredentials, name: String? = nil) {
    self.place = place
    self.credentials = credentials
    self.name = name
  }

  /// What is wrong with it, the part first, or nil.
  var problem: String? {
    (place.problem() ?? credentials.problem(for: place.kind)).map { "\($0.part.rawValue) \($0.text)" }
  }
}

extension NewInput {
  init(_ file: CloudFile, role: Input.Role = .source) {
    // Its path may have what an address would have to encode.
    let last = file.place.path.split(separator: "/").last.map(String.init) ?? ""
    self.init(
      fileName: FileNames.clean(file.name ?? last), role: role,
      .cloud(file.place.shown, place: file.place.text, credentials: file.credentials.text))
  }
}
