/// When no new job is taken.
struct CapacityLimits {
  /// No job is taken when less is free than this, in bytes, or than this part of the disk.
  var leastFree: Int64 = 1 << 30
  var leastShare: Int64 = 20
  var mostWaiting = 100_000
}
