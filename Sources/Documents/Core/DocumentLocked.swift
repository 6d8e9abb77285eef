/// A document that is protected by a password.
package struct DocumentLocked: Error, Equatable {
  package init() {}
}
