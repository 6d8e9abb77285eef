import Conversion
import Formats
import Pictures
import Storage

/// The command `wonder version`.
package enum VersionCommand {
  /// The version of this build; the package and the change log carry the same.
  package static let version = "0.1.0"

  static let command = Command(
    "version", "prints the version of wonder and of the libraries it uses", examples: ["wonder version"]
  ) { call in
    call.console.out("wonder \(version)")
    for (name, version) in ImageLibraries.versions + [("SQLite", Database.libraryVersion)] {
      call.console.out("\(name) \(version)")
    }
    return .done
  }
}
