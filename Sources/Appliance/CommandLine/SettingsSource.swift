import Basics
import Glibc
import Storage

/// Collects the settings of a run from the flags, the environment and the settings file.
enum SettingsSource {
  /// The file of an installed package; a command without need of the data directory goes on when it cannot read it.
  static let standardPath = "/etc/wonder/wonder.conf"
  /// The file of a user who has it installed for themselves alone, below their home; it comes before the package's.
  static let userPath = ".config/wonder/wonder.conf"
  private static let largestFile = 1 << 20

  /// True for an option that every command takes with a value.
  static func isFlag(_ name: String) -> Bool { name == "--config" || Setting.all.contains { $0.flag == name } }

  static func load(_ arguments: Arguments, environment: [String: String], isNeeded: Bool) throws -> Settings {
    guard isNeeded else { return try Settings() }
    let path = try arguments.configPath ?? standardFile(environment)
    let isReadable = arguments.configPath != nil || path.map { access(SystemText.cString($0), R_OK) == 0 } ?? true
    var settings = try Settings(
      flags: arguments.settings, environment: environment,
      file: try isReadable
        ? path.map { ($0, SystemText.text(bytes: try FileBytes.read($0, atMost: largestFile))) } : nil,
      readFile: { path in
        (try? FileBytes.read(path, atMost: largestFile)).map { SystemText.text(bytes: $0) }
      })
    if !isReadable { settings.unreadable = path }
    return settings
  }

  /// The file that counts when none is named: the user's own, else that of the package; nil when neither exists.
  ///
  /// One that cannot be read counts as one that exists, and the package's also where its folder cannot be looked into; a
  /// home that cannot be looked into is somebody else's.
  private static func standardFile(_ environment: [String: String]) throws -> String? {
    let own =
      environment["XDG_CONFIG_HOME"].map { "\($0)/wonder/wonder.conf" }
      ?? environment["HOME"].map { "\($0)/\(userPath)" }
    return [own, standardPath].compactMap { $0 }.first {
      access(SystemText.cString($0), F_OK) == 0 || $0 == standardPath && errno == EACCES
    }
  }
}
