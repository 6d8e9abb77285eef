import Basics

/// Looks at what WONDER_ALLOW_PRIVATE_TARGETS and WONDER_TARGET_PORTS open, when they are not as they come.
struct TargetCheck {
  let settings: Settings

  /// Where an allowed network would lead customers' URLs, by an address in it.
  private static let places: [(address: String, place: String)] = [
    ("127.0.0.1", "this machine itself"), ("::1", "this machine itself"),
    ("169.254.169.254", "a cloud's instance metadata"), ("fd00:ec2::254", "a cloud's instance metadata"),
    ("168.63.129.16", "a cloud's host agent"), ("224.0.0.1", "multicast groups"), ("ff02::1", "multicast groups"),
  ]

  /// Ports that speak to no web server, where a request could be taken for commands of another protocol.
  private static let services: [(port: UInt16, service: String)] = [
    (22, "SSH"), (25, "mail"), (465, "mail"), (587, "mail"), (6000, "X11"),
  ]

  func findings() -> [Finding] { [networks(), ports()].compactMap { $0 } }

  private func networks() -> Finding? {
    let text = settings.text(.allowPrivateTargets)
    guard !text.isEmpty, let allowed = Network.list(text) else { return nil }
    var reached: [String] = []
    for (text, place) in TargetCheck.places where !reached.contains(place) {
      if let address = IPAddress(text), allowed.contains(where: { $0.contains(address) }) { reached.append(place) }
    }
    guard !reached.isEmpty else { return Finding(.ok, "private targets", "webhooks may reach \(text)") }
    return Finding(
      .warning, "private targets",
      "WONDER_ALLOW_PRIVATE_TARGETS=\(text) lets customers' URLs reach \(reached.joined(separator: ", ")); "
        + "list only the receivers' own networks")
  }

  private func ports() -> Finding? {
    let text = settings.text(.targetPorts)
    guard text != Setting.targetPorts.standard, let ports = PortSet(text),
      let usual = PortSet(Setting.targetPorts.standard)
    else { return nil }
    let opened = TargetCheck.services.filter { ports.contains($0.port) && !usual.contains($0.port) }
    guard opened.isEmpty else {
      let names = opened.map { "\($0.port) (\($0.service))" }.joined(separator: ", ")
      return Finding(
        .warning, "target ports",
        "WONDER_TARGET_PORTS=\(text) lets customers' URLs reach \(names), which take no webhooks")
    }
    let missing = [80, 443].filter { !ports.contains($0) }.map(String.init)
    guard missing.isEmpty else {
      return Finding(
        .warning, "target ports",
        "WONDER_TARGET_PORTS=\(text) leaves out \(missing.joined(separator: " and ")), where most receivers listen")
    }
    return Finding(.ok, "target ports", "webhooks may use \(text)")
  }
}
