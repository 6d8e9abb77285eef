package import Basics

/// Where a place elsewhere is and what opens it: as it came with a request, or as the workspace keeps it.
package enum CloudSpot: Sendable {
  case open(CloudPlace, CloudCredentials)
  case kept(KeptPlace)

  /// The key of an object or the path of a file; of an output what its name is made of.
  package var path: String {
    switch self {
    case .open(let place, _): place.path
    case .kept(let place): place.path
    }
  }

  /// Both, once what the workspace keeps was looked up; throws `Refusal.unknownStorage` before.
  func opened() throws(Refusal) -> (place: CloudPlace, credentials: CloudCredentials) {
    switch self {
    case .open(let place, let credentials): return (place, credentials)
    case .kept: throw .unknownStorage
    }
  }

  /// What is wrong with it, the part first, or nil; of what is kept nobody can tell before it was looked up.
  func problem(isTemplate: Bool = false) -> String? {
    guard case .open(let place, let credentials) = self else { return nil }
    return (place.problem(isTemplate: isTemplate) ?? credentials.problem(for: place.kind)).map {
      "\($0.part.rawValue) \($0.text)"
    }
  }
}
