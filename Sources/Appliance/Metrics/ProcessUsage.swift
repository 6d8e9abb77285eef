import Basics
import Glibc
import Storage

/// What this process uses now.
struct ProcessUsage {
  let cpuSeconds: Double
  let residentBytes: Int64
  let openFiles: Int64

  /// Zeros where /proc does not tell.
  static func now() -> ProcessUsage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    // The second field counts pages (proc(5), /proc/[pid]/statm).
    let fields = (try? FileBytes.read("/proc/self/statm", atMost: 256)).map { String(decoding: $0, as: UTF8.self) }
    let pages = fields?.split(separator: " ").dropFirst().first.flatMap { Int64($0) } ?? 0
    return ProcessUsage(
      cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      residentBytes: pages * Int64(sysconf(Int32(_SC_PAGESIZE))),
      openFiles: Int64((try? FileTree.names(in: "/proc/self/fd"))?.count ?? 0))
  }
}
