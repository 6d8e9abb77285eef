/// A bound of a visit.
package enum PageLimit: Sendable, Equatable {
  case bytes, requests, time
}
