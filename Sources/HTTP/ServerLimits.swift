import Basics
import Glibc

/// Every limit of the server with its default and unit.
package struct ServerLimits: Sendable {
  /// From the first byte of a request (or the accept) to the end of its head, altogether.
  package var headerTime: Duration = .seconds(10)
  /// How long a connection may wait for its next request.
  package var keepAlive: Duration = .seconds(15)
  package var requestsPerConnection = 1000
  /// Bytes a second that a body must bring, measured over `bodyRateWindow` of waiting for the client.
  package var leastBodyRate: Int64 = 1024
  package var bodyRateWindow: Duration = .seconds(10)
  package var bodyTime: Duration = .seconds(600)
  /// How long a client may take none of an answer.
  package var writeStall: Duration = .seconds(30)
  /// Bytes of a body for routes without a limit of their own.
  package var bodyLimit: Int64 = 1 << 20
  /// Unread bytes of a body that are read to keep the connection.
  package var drainedBody: Int64 = 64 * 1024
  /// Bytes and time given to a client to notice an answer before its connection is reset.
  package var lingerBytes: Int64 = 16 << 20
  package var lingerTime: Duration = .seconds(2)
  /// All connections together; beyond it the oldest idle one is closed.
  package var connections = ServerLimits.connectionsAllowed()

  package init() {}

  /// The descriptor limit less 100 for everything else, at most 20,000.
  package static func connectionsAllowed() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit) == 0 else { return 900 }
    return Int(min(20_000, max(16, UInt64(limit.rlim_cur) - min(UInt64(limit.rlim_cur), 100))))
  }
}
