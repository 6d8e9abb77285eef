import CSystem
import Glibc

/// A lock on one byte of an open file that lasts as long as the descriptor, whatever else in the process opens and closes
/// the file.
package enum FileLock {
  /// True when the lock was taken, false when somebody else has it; throws when the file system has none.
  package static func take(_ descriptor: Int32, byte: Int64, named name: String) throws(SystemFailure) -> Bool {
    do throws(SystemFailure) {
      try check("fcntl", name) { csystem_lock_byte(descriptor, byte) }
      return true
    } catch {
      // EACCES is the older word for the same (fcntl(2)).
      if error.code == EAGAIN || error.code == EACCES { return false }
      throw error
    }
  }
}
