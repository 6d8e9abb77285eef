/// One row of a routing table: a method, a path pattern and what answers it.
package struct Route: Sendable {
  /// Runs on the executor of the connection, so that a handler that waits for nothing never leaves its loop.
  package typealias Handler = @Sendable (Request) async throws -> Response

  /// Throws when the request cannot be taken now, such as `HTTPFailure.unavailable`; asked before any of its body is read.
  package typealias Admission = @Sendable (Request) throws -> Void

  /// True when the route is meant by these parameters, by name; another row with its pattern has the others.
  package typealias Accepting = @Sendable ([String: String]) -> Bool

  package let method: Method
  /// Segments in braces are parameters: `/api/v1/jobs/{request}`.
  package let pattern: String
  /// Bytes that a body may have; nil for the server's default.
  package let bodyLimit: Int64?
  package let admission: Admission?
  package let accepts: Accepting?
  package let handler: Handler
  /// Its place in the router's list, from 1; 0 before it is in one.
  var number = 0

  package init(
    _ method: Method, _ pattern: String, bodyLimit: Int64? = nil, admission: Admission? = nil,
    accepts: Accepting? = nil, _ handler: @escaping Handler
  ) {
    self.method = method
    self.pattern = pattern
    self.bodyLimit = bodyLimit
    self.admission = admission
    self.accepts = accepts
    self.handler = handler
  }
}
