/// What a key may do.
package enum Permission: String, Sendable, CaseIterable {
  case read, submit
}
