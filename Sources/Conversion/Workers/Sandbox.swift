import Basics
import CSystem
import Formats
import Glibc

/// Takes everything from the calling process that a decoder does not need, as far as the kernel allows.
enum Sandbox {
  /// Returns the layers that hold, in a wide child for both of its threads; or nil when the parent is gone already and
  /// the process has to end.
  static func enter(
    _ settings: WorkerSettings, parent: Int32, isWide: Bool
  ) -> (layers: [SandboxLayer], second: SecondThread?)? {
    var layers: [SandboxLayer] = []
    func add(_ layer: SandboxLayer, _ enter: () -> Int32) {
      if !settings.masked.contains(layer) && enter() == 0 { layers.append(layer) }
    }
    let limits = settings.limits
    add(.resourceLimits) {
      csystem_limit_resources(UInt64(limits.memoryBytes), UInt64(limits.maxOutputBytes), UInt64(limits.cpuSeconds))
    }
    if geteuid() == 0 { add(.user) { csystem_drop_user(Nobody.user) } }
    // Only now: a change of user clears it.
    guard csystem_die_with_parent(parent) == 0 else { return nil }
    _ = csystem_forbid_dumps()
    add(.noNewPrivileges) { csystem_forbid_new_privileges() }
    add(.landlock) { csystem_forbid_files(csystem_landlock_version()) }
    // A new thread has lost what its maker has lost. The filter, behind which none can be made, is put over all there are.
    let second = isWide ? makeSecondThread() : nil
    add(.systemCalls) { csystem_forbid_calls() }
    return (layers, second)
  }

  /// Nil when the system has none to give, and the child does all on one.
  private static func makeSecondThread() -> SecondThread? {
    // Memory of a thread's own would take 64 MiB out of what the limit leaves.
    csystem_limit_arenas(1)
    return try? SecondThread()
  }
}
