import Formats

/// How much of the sandbox holds on this machine, in the words of WONDER_SANDBOX.
package enum SandboxLevel: Int, Sendable, Comparable, CaseIterable {
  /// Less than `basic`.
  case weak
  /// Limits, no new privileges, and only the system calls that a decoder needs.
  case basic
  /// All of that, and no path of the file system.
  case full

  /// The level of the layers that a child has told.
  package init(_ layers: some Sequence<SandboxLayer>) {
    let layers = Set(layers)
    self = SandboxLevel.allCases.last { $0.layers.isSubset(of: layers) } ?? .weak
  }

  /// The level that a value of WONDER_SANDBOX asks for; `best-effort` takes any.
  package init(setting: String) {
    self =
      switch setting {
      case "require-full": .full
      case "require-basic": .basic
      default: .weak
      }
  }

  /// What the level is made of; a user of its own is no part of it, because only root can give one.
  package var layers: Set<SandboxLayer> {
    switch self {
    case .weak: []
    case .basic: [.resourceLimits, .noNewPrivileges, .systemCalls]
    case .full: [.resourceLimits, .noNewPrivileges, .systemCalls, .landlock]
    }
  }

  /// The layers of the whole sandbox that are not among these, for people.
  package static func missing(from layers: some Sequence<SandboxLayer>) -> String {
    full.layers.subtracting(layers).map(\.rawValue).sorted().joined(separator: ", ")
  }

  package static func < (left: SandboxLevel, right: SandboxLevel) -> Bool { left.rawValue < right.rawValue }
}
