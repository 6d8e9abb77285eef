import Basics
import CSystem
import Conversion
import Formats
import Glibc

/// The program file that this process runs, for starting its workers.
enum Program {
  /// The file, held open from now on.
  ///
  /// To be called before the process changes its user, after which the link in /proc is closed to it.
  static func file() -> ProgramFile { ProgramFile(path) }

  /// The link in /proc, which leads to the file that runs whatever has its name now; without /proc the name that it was
  /// started by.
  private static var path: String {
    let link = "/proc/self/exe"
    guard access(link, X_OK) != 0, let name = csystem_program_name() else { return link }
    return String(cString: name)
  }

  /// What the machine calls itself.
  static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    return gethostname(&name, name.count - 1) == 0 ? SystemText.text(name) : "unknown"
  }

  /// How many processors there are to work with.
  static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Bytes of memory of the machine.
  static var memory: Int64 { Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE))) }

  /// Threads of one conversion: the setting, where there are as many cores.
  static func threads(_ setting: Int64) -> Int { min(Int(setting), cores) }
}
