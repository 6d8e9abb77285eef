import Basics
import Glibc
import HTTP

/// What stands in the way of listening, with what mends it where that can be told.
enum ListenProblem {
  static func words(_ error: any Error) -> String {
    guard let failure = error as? SystemFailure, failure.call == "bind" else { return "\(error)" }
    switch failure.code {
    case EACCES:
      return "\(failure); a port below 1024 needs a capability: `systemctl edit wonder` with the lines [Service], "
        + "AmbientCapabilities=CAP_NET_BIND_SERVICE, CapabilityBoundingSet=CAP_NET_BIND_SERVICE and PrivateUsers=no (in "
        + "user namespaces of its own it has no capability outside), or take a higher port behind a reverse proxy"
    case EADDRINUSE:
      return "\(failure); another program listens there (`ss -tlnp` lists them), or take another port (--listen)"
    case EADDRNOTAVAIL:
      return "\(failure); this machine has no such address (`ip address` lists those it has)"
    default: return "\(failure)"
    }
  }
}
