import Basics
import Glibc

/// Every limit of the server with its default and unit; each is a setting (`Setting.http`).
package struct ServerLimits: Sendable {
  /// Bytes of the first line of a request.
  package var requestLine = 8 * 1024
  /// Bytes of all header fields of a request.
  package var fieldBytes = 32 * 1024
  package var fields = 100
  /// From the first byte of a request (or the accept) to the end of its head, altogether.
  package var headerTime: Duration = .seconds(10)
  /// How long a connection may wait for its next request.
  package var keepAlive: Duration = .seconds(15)
  package var requestsPerConnection = 1000
  /// Bytes a second that a body must bring and an answer must get rid of, over `rateWindow` of waiting for the client.
  package var leastRate: Int64 = 1024
  package var rateWindow: Duration = .seconds(10)
  package var bodyTime: Duration = .seconds(600)
  /// Bytes of a body for routes without a limit of their own.
  package var bodyLimit: Int64 = 1 << 20
  /// Unread bytes of a body that are read to keep the connection.
  package var drainedBody: Int64 = 64 * 1024
  /// Bytes and time given to a client to notice an answer before its connection is reset.
  package var lingerBytes: Int64 = 16 << 20
  package var lingerTime: Duration = .seconds(2)
  /// All connections together; beyond it the one that is missed least is closed.
  package var connections = ServerLimits.connectionsAllowed()
  /// Open event streams, all together and of one holder of a key.
  package var streams = 10_000
  package var streamsPerHolder = 100
  /// The longest silence of an event stream.
  package var heartbeat: Duration = .seconds(15)
  package var form = MultipartLimits()

  package init() {}

  /// The bytes that must pass in one window.
  var leastInWindow: Int64 { least(in: rateWindow.nanoseconds) }

  /// The bytes that must pass in so many nanoseconds.
  func least(in span: Int64) -> Int64 {
    let (whole, isTooMuch) = leastRate.multipliedReportingOverflow(by: span / 1_000_000)
    return isTooMuch ? .max : whole / 1000
  }

  /// The descriptor limit less 100 for everything else, at most 20,000.
  package static func connectionsAllowed() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit) == 0 else { return 900 }
    return Int(min(20_000, max(16, UInt64(limit.rlim_cur) - min(UInt64(limit.rlim_cur), 100))))
  }
}
