/// Routes that render their errors alike, such as those of one dialect.
package struct RouteGroup: Sendable {
  /// Turns an error into an answer and logs what only the operator may know; the request is nil when none was read.
  package typealias Refuse = @Sendable (any Error, Request?) -> Response

  package let routes: [Route]
  package let refuse: Refuse

  package init(_ routes: [Route], refuse: @escaping Refuse) {
    self.routes = routes
    self.refuse = refuse
  }
}
