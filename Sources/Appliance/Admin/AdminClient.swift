import Basics
import Engine
import Glibc
import Storage

/// A command's way to the admin API: over the socket of the running server, else in the command's own process.
struct AdminClient {
  private let send: (_ method: String, _ path: String, _ body: JSONValue?) throws -> AdminReply
  private let end: () -> Void

  /// Finds the server by its socket; without one it opens the data directory itself; one that was named is made.
  static func connect(_ settings: Settings) throws -> AdminClient {
    let path = try DataPlace.find(settings)
    try DirectoryOwner.become(ownerOf: path)
    let socketPath = path + "/wonder.sock"
    let socket: Int32?
    do { socket = try UnixSocket.connect(socketPath) } catch let failure as SystemFailure
      where [EACCES, EPERM].contains(failure.code)
    {
      throw AdminFailure(description: "\(failure); run this with sudo, or as the user who owns \(path)")
    }
    if let socket {
      Glibc.close(socket)
      return AdminClient(send: { try AdminSocket.exchange(socketPath, $0, $1, $2) }, end: {})
    }
    let local = try LocalAdmin(settings)
    return AdminClient(send: local.exchange, end: local.close)
  }

  /// Asks and gives the document; throws `AdminFailure` for a refusal.
  func ask(_ method: String, _ path: String, _ body: JSONValue? = nil) throws -> JSONValue {
    let reply = try send(method, path, body)
    if let problem = reply.problem { throw AdminFailure(description: problem, isMissing: reply.status == 404) }
    return reply.document
  }

  func close() {
    end()
  }
}
