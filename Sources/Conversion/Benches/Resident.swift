import Basics
import Formats
import Glibc

/// A program that stays, with its folder and the process that keeps it; one thread at a time has it.
///
/// `@unchecked Sendable`: what changes is touched only by whoever has it, and `Residents` hands it on under a lock.
final class Resident: @unchecked Sendable {
  let residence: Residence
  let identity: ProgramIdentity
  let folder: JobFolder
  let process: ZygoteProcess
  /// Whose documents it has seen, and has alone from then on.
  private(set) var owner: Int64?
  private(set) var orders = 0
  /// When it came to its owner, or was started.
  private(set) var since = Clock.readMonotonic()
  /// True when it waits for an order, and stands still.
  var isReady = false

  init(_ residence: Residence, _ identity: ProgramIdentity, _ folder: JobFolder, _ process: ZygoteProcess) {
    self.residence = residence
    self.identity = identity
    self.folder = folder
    self.process = process
  }

  /// True while it has seen nobody's documents.
  var isFresh: Bool { orders == 0 }

  /// True until another program has come in the place of its own.
  var isUpToDate: Bool { ProgramIdentity(at: identity.path) == identity }

  /// Counts an order, and is its owner's from now on.
  func take(for owner: Int64) {
    if isFresh { since = Clock.readMonotonic() }
    self.owner = owner
    orders += 1
  }

  /// Kills the program with all it has started, and removes its folder.
  func end() {
    process.end()
    folder.remove()
  }
}
