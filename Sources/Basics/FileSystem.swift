import CSystem
import Glibc

/// Calls for a whole file system.
package enum FileSystem {
  /// Puts everything on disk that was written to the file system of `path`: one wait instead of one for each file.
  package static func sync(_ path: String) throws(SystemFailure) {
    let descriptor = try check("open", path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    try check("fsync", path) { csystem_sync_file_system(descriptor) }
  }

  /// Writes what is dirty of a part of an open file and waits for it; gives 0 or the error number.
  ///
  /// The file still has to be synced.
  package static func writeBack(_ descriptor: Int32, from place: Int64, bytes: Int64) -> Int32 {
    csystem_write_back(descriptor, place, bytes) == 0 ? 0 : errno
  }
}
