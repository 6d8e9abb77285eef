extension Toolbox {
  /// Looks for what all makers of this program call.
  package static func find() -> Toolbox { find(for: Makers.all) }
}
