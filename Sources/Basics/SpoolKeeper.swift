/// Whoever removes a file of the spool when it is let go of.
package protocol SpoolKeeper: AnyObject, Sendable {
  /// The file is in its place, not in the spool any more, and its bytes are about to be counted there, so whoever counts
  /// them in the spool does so no more: a job that is taken at once would find them counted twice.
  func handOver()
}
