import Basics

/// The command `wonder doctor`.
enum DoctorCommand {
  static let command = Command(
    "doctor",
    "looks whether everything works: data directory, disk, database, server, sandbox, a sample conversion each",
    options: [AdminCommands.json], examples: ["wonder doctor", "wonder doctor --json"]
  ) { call in
    let findings = Doctor(settings: call.settings).findings()
    if call["--json"] != nil {
      call.console.out(JSONValue.array(findings.map(\.json)).text)
    } else {
      let rows = JSONValue.array(findings.map(\.json))
      Printing.table(rows, [.init("STATE", "state"), .init("WHAT", "name"), .init("FOUND", "text")], to: call.console)
    }
    let broken = findings.filter { $0.state == .broken }.map(\.name)
    guard broken.isEmpty else {
      call.console.error("wonder doctor: broken: \(broken.joined(separator: ", "))")
      return .failed
    }
    return .done
  }
}
