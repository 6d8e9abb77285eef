import Basics
import Glibc
import Storage

/// Collects the settings of a run from the flags, the environment and the settings file.
enum SettingsSource {
  /// The file of an installed package; it is read when it exists and can be read.
  static let standardPath = "/etc/wonder/wonder.conf"
  /// The file of a user who has it installed for themselves alone, below their home; it comes before the package's.
  static let userPath = ".config/wonder/wonder.conf"
  private static let largestFile = 1 << 20

  static func load(_ arguments: Arguments, environment: [String: String], isNeeded: Bool) throws -> Settings {
    guard isNeeded else { return try Settings() }
    return try Settings(
      flags: arguments.settings, environment: environment, file: try file(arguments.configPath, environment),
      readFile: { path in
        (try? FileBytes.read(path, atMost: largestFile)).map { String(decoding: $0, as: UTF8.self) }
      })
  }

  /// A file that was named must be readable; the standard one may be missing, or kept from this user.
  private static func file(
    _ named: String?, _ environment: [String: String]
  ) throws -> (path: String, text: String)? {
    if let named {
      return (named, String(decoding: try FileBytes.read(named, atMost: largestFile), as: UTF8.self))
    }
    let own =
      environment["XDG_CONFIG_HOME"].map { "\($0)/wonder/wonder.conf" }
      ?? environment["HOME"].map { "\($0)/\(userPath)" }
    guard let path = [own, standardPath].compactMap({ $0 }).first(where: { access($0, R_OK) == 0 }) else { return nil }
    return (path, String(decoding: try FileBytes.read(path, atMost: largestFile), as: UTF8.self))
  }
}
