import Basics
import Glibc

/// What started this process and wants to hear how it does: systemd with Type=notify (sd_notify(3)), or nobody.
package struct ServiceManager: Sendable {
  /// A datagram socket, or nil when nobody listens; a name that begins with @ stands in the abstract namespace.
  private let path: String?
  /// How long the manager waits between two signs of life before it ends the process, or nil.
  package let patience: Duration?

  /// Reads NOTIFY_SOCKET, and WATCHDOG_USEC when WATCHDOG_PID is this process or missing (sd_watchdog_enabled(3)).
  package init(environment: [String: String], process: Int32 = getpid()) {
    path = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
    let isMeant = environment["WATCHDOG_PID"].map { $0 == String(process) } ?? true
    patience =
      isMeant && path != nil
      ? environment["WATCHDOG_USEC"].flatMap { Int64($0) }.flatMap { $0 > 0 ? .microseconds($0) : nil } : nil
  }

  /// The service answers requests.
  package func tellReady(_ status: String) { send("READY=1\nSTATUS=\(status)\nMAINPID=\(getpid())") }

  /// The settings are being read again; must be followed by `tellReady`.
  package func tellReloading() {
    send("RELOADING=1\nMONOTONIC_USEC=\(Clock.readMonotonic() / 1000)")
  }

  package func tellStopping() { send("STOPPING=1\nSTATUS=finishing what runs") }

  /// The sign of life that the watchdog waits for.
  package func tellAlive() { send("WATCHDOG=1") }

  /// A manager that cannot be told is no reason to stop serving.
  private func send(_ state: String) {
    guard let path else { return }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var name = Array(path.utf8)
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    if name[0] == UInt8(ascii: "@") { name[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // The length counts for abstract names, which end with it instead of with a zero.
    let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
    let bytes = Array(state.utf8)
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
        sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), target, length)
      }
    }
  }
}
