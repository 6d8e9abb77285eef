import CSystem

/// What a program needs beside its folder and the system's programs and libraries.
package struct ToolNeeds: OptionSet, Sendable {
  package let rawValue: Int32

  package init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// To make and remove folders within its own.
  package static let folders = ToolNeeds(rawValue: Int32(CSYSTEM_NEEDS_FOLDERS))
  /// What fontconfig reads.
  package static let fonts = ToolNeeds(rawValue: Int32(CSYSTEM_NEEDS_FONTS))
  /// `/dev/urandom`.
  package static let random = ToolNeeds(rawValue: Int32(CSYSTEM_NEEDS_RANDOM))
  /// Sockets between its own processes.
  package static let localSockets = ToolNeeds(rawValue: Int32(CSYSTEM_NEEDS_LOCAL_SOCKETS))
  /// To confine processes of its own further, and the loopback of a network of its own.
  package static let ownSandbox = ToolNeeds(rawValue: Int32(CSYSTEM_NEEDS_OWN_SANDBOX))
}
