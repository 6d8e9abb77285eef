import CSystem

/// What malloc(3) keeps of memory that was freed.
package enum FreedMemory {
  /// Gives the system what no block is in; many threads leave a lot of it, for each group of them has an arena of its own.
  package static func giveBack() { csystem_trim_memory() }
}
