import Basics
import Conversion
import Dashboard
import Formats
import Glibc
import Pictures
import Storage

/// Collects what a stranger needs to understand a server, and nothing that its users would mind.
///
/// Each file says what it is made of member by member; nothing is passed on whole that can hold a name, an address of a
/// person, a link or a secret.
struct Diagnostics {
  let settings: Settings

  /// The files of the bundle; what cannot be had is a file that says why.
  func files() -> [(name: String, bytes: [UInt8])] {
    let parts: [(name: String, make: () throws -> String)] = [
      ("versions.txt", versions), ("system.txt", system), ("settings.json", effectiveSettings),
      ("findings.json", findings), ("stats.json", { try admin("/stats", "stats").text }),
      ("workspaces.json", workspaces), ("jobs.json", jobs), ("deliveries.json", deliveries), ("metrics.txt", metrics),
    ]
    return parts.map { name, make in
      do { return (name, Array((try make() + "\n").utf8)) } catch {
        return ("\(name).missing", Array("\(error)\n".utf8))
      }
    }
  }

  private func versions() -> String {
    let libraries = ImageLibraries.versions + [("SQLite", Database.libraryVersion)]
    return (["wonder \(VersionCommand.version)"] + libraries.map { "\($0) \($1)" }).joined(separator: "\n")
  }

  private func system() throws -> String {
    var name = utsname()
    try check("uname") { uname(&name) }
    func text(_ value: some Any) -> String {
      withUnsafeBytes(of: value) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    let release = (try? FileBytes.read("/etc/os-release", atMost: 65_536)).map { String(decoding: $0, as: UTF8.self) }
    let pretty = release?.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") } ?? "unknown system"
    let memory = Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE)))
    let space = DiskSpace(at: settings.text(.data))
    return """
      \(text(name.sysname)) \(text(name.release)) \(text(name.machine))
      \(pretty)
      cores \(Program.cores)
      memory \(memory)
      disk of the data directory: free \(space?.free ?? -1), size \(space?.total ?? -1)
      """
  }

  private func effectiveSettings() -> String {
    JSONValue.object(
      Setting.all.map { setting in
        let entry = settings.entry(setting)
        // An address may hold a password or a token, whatever the setting is for.
        let isHidden = !entry.value.isEmpty && (setting.isSecret || entry.value.contains { "@?".contains($0) })
        return (
          setting.name,
          .object([
            ("value", .string(isHidden ? "(hidden)" : entry.value)), ("source", .string(entry.source.rawValue)),
          ])
        )
      }
    ).text
  }

  private func findings() -> String { JSONValue.array(Doctor(settings: settings).findings().map(\.json)).text }

  private func workspaces() throws -> String {
    try pick(admin("/workspaces", "workspaces"), ["plan", "state", "retention"])
  }

  /// Messages of failed jobs are ours; an address in one is left out.
  private func jobs() throws -> String {
    try pick(
      admin("/jobs?status=failed&limit=100", "jobs"),
      ["request_id", "status", "conversion", "attempts", "created_at", "waited_ms", "ran_ms", "finished_at", "error"])
  }

  /// A receiver's address may hold a token, so not even its host is told.
  private func deliveries() throws -> String {
    try pick(
      admin("/deliveries?status=failed&limit=100", "deliveries"),
      ["id", "request_id", "event", "style", "status", "attempts", "next_attempt_at", "created_at"])
  }

  private func metrics() throws -> String {
    try AdminSocket.text(settings.text(.data) + "/wonder.sock", "/metrics")
  }

  private func pick(_ list: JSONValue, _ members: [String]) -> String {
    JSONValue.array(
      (list.array ?? []).map { entry in
        .object(members.compactMap { name in entry[name].map { (name, withoutAddresses($0)) } })
      }
    ).text
  }

  private func withoutAddresses(_ value: JSONValue) -> JSONValue {
    guard let text = value.string else { return value }
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    return .string(words.map { $0.contains("://") ? "(address)" : String($0) }.joined(separator: " "))
  }

  private func admin(_ path: String, _ member: String) throws -> JSONValue {
    let client = try AdminClient.connect(settings)
    defer { client.close() }
    return try client.ask("GET", AdminAPI.prefix + path)[member] ?? .null
  }
}
