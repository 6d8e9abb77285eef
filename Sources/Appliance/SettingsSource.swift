import Basics
import Glibc
import Storage

/// Collects the settings of a run from the flags, the environment and the settings file.
enum SettingsSource {
  /// The file of an installed package; it is read when it exists and can be read.
  static let standardPath = "/etc/wonder/wonder.conf"
  private static let largestFile = 1 << 20

  static func load(_ arguments: Arguments, environment: [String: String], isNeeded: Bool) throws -> Settings {
    guard isNeeded else { return try Settings() }
    return try Settings(
      flags: arguments.settings, environment: environment, file: try file(arguments.configPath),
      readFile: { path in
        (try? FileBytes.read(path, atMost: largestFile)).map { String(decoding: $0, as: UTF8.self) }
      })
  }

  /// A file that was named must be readable; the standard one may be missing, or kept from this user.
  private static func file(_ named: String?) throws -> (path: String, text: String)? {
    if let named {
      return (named, String(decoding: try FileBytes.read(named, atMost: largestFile), as: UTF8.self))
    }
    guard access(standardPath, R_OK) == 0 else { return nil }
    return (standardPath, String(decoding: try FileBytes.read(standardPath, atMost: largestFile), as: UTF8.self))
  }
}
