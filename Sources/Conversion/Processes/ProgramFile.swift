import Basics
import CSystem
import Formats
import Glibc

/// The program that worker processes run, held open: what an upgrade puts in its place is another version, which would
/// not understand this one.
package final class ProgramFile: Sendable {
  /// Where such a process finds its end of the control socket.
  static let controlDescriptor: Int32 = 3

  private let path: String
  private let opened: Result<Int32, SystemFailure>

  /// Opens it at once; a path where there is none fails when a process is started.
  package init(_ path: String) {
    self.path = path
    do throws(SystemFailure) {
      opened = .success(try check("open", path) { csystem_open_program(path) })
    } catch {
      opened = .failure(error)
    }
  }

  deinit {
    if case .success(let descriptor) = opened { close(descriptor) }
  }

  /// Starts a process of this program by a hidden command's word, which talks over `control`; gives its process id.
  func start(_ word: StaticString = "worker", control: Int32) throws(SystemFailure) -> Int32 {
    let descriptor = try opened.get()
    var process: Int32 = 0
    let code = word.withUTF8Buffer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { csystem_spawn_own(descriptor, $0.baseAddress, control, &process) }
    }
    guard code == 0 else { throw SystemFailure("execveat", path, code: code) }
    return process
  }
}
