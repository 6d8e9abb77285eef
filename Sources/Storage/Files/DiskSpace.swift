import Glibc

/// The room on the disk of a path, in bytes.
package struct DiskSpace: Sendable {
  /// What this user can still write.
  package let free: Int64
  package let total: Int64

  package init(free: Int64, total: Int64) {
    self.free = free
    self.total = total
  }

  /// Nil, with errno set, when the system does not tell.
  package init?(at path: String) {
    var space = statvfs()
    guard statvfs(path, &space) == 0 else { return nil }
    free = Int64(space.f_bavail) * Int64(space.f_frsize)
    total = Int64(space.f_blocks) * Int64(space.f_frsize)
  }

  /// No job is taken when less than this is free.
  package var leastFree: Int64 { leastFree(CapacityLimits()) }

  func leastFree(_ limits: CapacityLimits) -> Int64 { max(limits.leastFree, total / limits.leastShare) }
}
