import Glibc

/// The program file that this process runs, for starting its workers.
enum Program {
  /// Its path; the link in /proc when it cannot be read, which leads to the same file.
  static var path: String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { return "/proc/self/exe" }
    let path = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return access(path, X_OK) == 0 ? path : "/proc/self/exe"
  }

  /// How many processors there are to work with.
  static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Conversions at once: the setting, or two for each core, for a worker waits for the disk a third of a small job's time.
  static func workers(_ setting: Int64) -> Int { setting > 0 ? Int(setting) : 2 * cores }

  /// Threads of one conversion: the setting, where there are as many cores.
  static func threads(_ setting: Int64) -> Int { min(Int(setting), cores) }
}
