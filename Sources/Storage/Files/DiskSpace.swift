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
    // A file system without limits says what it likes.
    func bytes(_ blocks: UInt) -> Int64 {
      let (product, isOver) = blocks.multipliedReportingOverflow(by: space.f_frsize)
      return isOver ? 1 << 62 : min(1 << 62, Int64(clamping: product))
    }
    free = bytes(space.f_bavail)
    total = bytes(space.f_blocks)
  }

  /// No job is taken when less than this is free.
  package var leastFree: Int64 { leastFree(CapacityLimits()) }

  func leastFree(_ limits: CapacityLimits) -> Int64 { max(limits.leastFree, total / limits.leastShare) }
}
