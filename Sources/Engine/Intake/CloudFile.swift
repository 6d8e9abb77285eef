package import Basics
import Storage

/// A file that lives elsewhere, and what opens its place.
package struct CloudFile: Sendable {
  package let spot: CloudSpot
  /// What its output is called after; else the last part of its path is.
  package let name: String?

  package init(_ spot: CloudSpot, name: String? = nil) {
    self.spot = spot
    self.name = name
  }

  package init(_ place: CloudPlace, _ credentials: CloudCredentials, name: String? = nil) {
    self.init(.open(place, credentials), name: name)
  }
}

extension NewInput {
  /// Throws `Refusal.unknownStorage` for one that was not looked up.
  init(_ file: CloudFile, role: Input.Role = .source) throws(Refusal) {
    let (place, credentials) = try file.spot.opened()
    // Its path may have what an address would have to encode.
    let last = place.path.split(separator: "/").last.map(String.init) ?? ""
    self.init(
      fileName: FileNames.clean(file.name ?? last), role: role,
      .cloud(place.shown, place: place.text, credentials: credentials.text))
  }
}
