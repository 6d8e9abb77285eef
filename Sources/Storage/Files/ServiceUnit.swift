import Glibc

/// The systemd unit that runs this process.
struct ServiceUnit: Equatable {
  let name: String
  /// True for a unit of one user's own manager.
  let isOfUser: Bool

  /// What `INVOCATION_ID` and `/proc/self/cgroup` tell; nil for what no unit runs, or a unit that only started it, such as a
  /// terminal.
  init?(invocation: String?, cgroups: String) {
    guard let invocation, !invocation.isEmpty else { return nil }
    let paths = cgroups.split(separator: "\n").map { $0.split(separator: "/").map(String.init) }
    if let path = paths.first(where: { $0.last?.hasSuffix(".service") ?? false }) {
      name = String(path.last?.dropLast(".service".count) ?? "wonder")
      isOfUser = path.dropLast().contains { $0.hasPrefix("user@") }
    } else if paths.contains(where: { $0.last?.hasSuffix(".scope") ?? false }) {
      return nil
    } else {
      // A container shows no names.
      name = "wonder"
      isOfUser = false
    }
  }

  static var current: ServiceUnit? {
    let text = (try? FileBytes.read("/proc/self/cgroup", atMost: 1 << 16)) ?? []
    return ServiceUnit(
      invocation: getenv("INVOCATION_ID").map { String(cString: $0) }, cgroups: String(decoding: text, as: UTF8.self))
  }

  /// The command that opens a file for what differs from the unit on this machine.
  var edit: String { "systemctl \(isOfUser ? "--user " : "")edit \(name)" }
}
