import CSystem
import Formats

/// What keeps a program of others from harm on this machine.
package struct ToolConfinement: OptionSet, Sendable {
  package let rawValue: Int32

  package init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// Memory, processor time, sizes of files, processes.
  package static let limits = ToolConfinement(rawValue: Int32(CSYSTEM_TOOL_LIMITS))
  /// A user space, which the next two need.
  package static let users = ToolConfinement(rawValue: Int32(CSYSTEM_TOOL_USER_SPACE))
  /// A network of its own with nothing in it.
  package static let network = ToolConfinement(rawValue: Int32(CSYSTEM_TOOL_NO_NETWORK))
  /// Processes of its own, with which all of them end.
  package static let processes = ToolConfinement(rawValue: Int32(CSYSTEM_TOOL_PROCESS_SPACE))
  /// Landlock: its folder and the system's programs and libraries.
  package static let paths = ToolConfinement(rawValue: Int32(CSYSTEM_TOOL_PATHS))
  /// No sockets, mounts, tracing and other calls that no converter needs.
  package static let calls = ToolConfinement(rawValue: Int32(CSYSTEM_TOOL_CALLS))

  package static let all: ToolConfinement = [limits, users, network, processes, paths, calls]

  /// What a program is not run without at a level of WONDER_SANDBOX: spaces are the first to go, for containers and units
  /// refuse them and the ban of sockets holds all the same; then paths, as in old kernels.
  package init(requiredAt level: SandboxLevel) {
    switch level {
    case .weak: self = [.limits]
    case .basic: self = [.limits, .calls]
    case .full: self = [.limits, .calls, .paths]
    }
  }

  /// For people, in the order of the list.
  package var words: String {
    let names: [(ToolConfinement, String)] = [
      (.limits, "limits"), (.users, "users"), (.network, "network"), (.processes, "processes"), (.paths, "paths"),
      (.calls, "calls"),
    ]
    return names.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
  }
}
