import Formats

/// One thing that keeps a child from harm; a kernel or container may refuse some of them.
package enum SandboxLayer: String, Sendable, CaseIterable {
  /// Limits on memory, processor time, file size and descriptors.
  case resourceLimits = "rlimits"
  /// A user of its own that owns nothing, when the server runs as root.
  case user = "uid"
  case noNewPrivileges = "no_new_privs"
  /// No access to any path.
  case landlock = "landlock"
  /// Only the system calls that a decoder needs.
  case systemCalls = "seccomp"
}
