/// A document type declaration.
package struct HTMLDoctype: Sendable, Equatable {
  package internal(set) var name: String?
  package internal(set) var publicIdentifier: String?
  package internal(set) var systemIdentifier: String?
  package internal(set) var forcesQuirks = false
}
