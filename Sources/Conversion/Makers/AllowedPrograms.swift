package import Basics
package import Formats

/// Which programs of others may be called (the setting WONDER_ENGINES): all, none, or those that are named.
package struct AllowedPrograms: Sendable {
  /// Nil for all.
  private let names: Set<String>?

  /// As the settings say; throws as the other one does.
  package init(_ settings: Settings) throws(SettingsFailure) { try self.init(settings.text(.engines)) }

  /// "all", "none", or names of programs or of the Debian packages that bring them, separated by commas or spaces.
  ///
  /// Throws `SettingsFailure` for a name that no maker calls: a slip of the pen would else take formats away in silence.
  package init(_ text: String, of makers: [any Maker] = Makers.all) throws(SettingsFailure) {
    let words = Set(text.split { $0 == "," || $0 == " " }.map(String.init))
    switch words {
    case ["all"]: names = nil
    case ["none"], []: names = []
    default:
      let programs = makers.flatMap { ($0 as? any ProgramMaker)?.programs ?? [] }
      let known = Set(programs.map(\.name)).union(programs.map(\.package))
      guard words.isSubset(of: known) else {
        let unknown = words.subtracting(known).sorted().map { "\"\($0)\"" }.joined(separator: ", ")
        throw SettingsFailure(
          place: Setting.engines.name,
          problem:
            "\(unknown) is not used here; it may be all, none, or some of \(known.sorted().joined(separator: ", "))")
      }
      names = words
    }
  }

  /// Without the makers that call a program that may not be called.
  package func filter(_ makers: [any Maker]) -> [any Maker] {
    guard let names else { return makers }
    return makers.filter { maker in
      guard let tool = maker as? any ProgramMaker else { return true }
      return tool.programs.allSatisfy { names.contains($0.name) || names.contains($0.package) }
    }
  }
}
