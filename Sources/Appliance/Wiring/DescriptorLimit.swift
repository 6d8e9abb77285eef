import Glibc

/// How many files and connections the process may have open.
enum DescriptorLimit {
  /// More than this serves nobody and makes every walk over them slow.
  private static let most: rlim_t = 65_536

  /// What is left of the limit beside the files that whoever started the process left open.
  static var current: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    return Int(min(limit.rlim_cur, most)) - foreign
  }

  /// How many files are open beyond the standard streams, the signals and the program.
  private static var foreign: Int {
    guard let directory = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(directory) }
    var entries = 0
    while readdir(directory) != nil { entries += 1 }
    // Its own two names and itself are no files of anybody's.
    return max(0, entries - 3 - 5)
  }

  /// Raises the limit as far as the system lets an ordinary process; a shell's default of 1024 is soon used up.
  static func raise() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, most))
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
