import Basics
import CSystem
import Formats
import Glibc

/// What a sandboxed child could still do, by trying: all of it should be refused.
package struct SandboxProbe: Sendable, Equatable {
  package let layers: [SandboxLayer]
  package let canOpenFile: Bool
  /// Whether it learns anything of a path, such as that it is there.
  package let canLookAtPath: Bool
  package let canMakeSocket: Bool
  package let canFork: Bool
  package let canMakeThread: Bool
  package let canMakeMemoryExecutable: Bool
  /// How many threads have tried; what one of them could do the child could.
  package let threads: Int

  /// True when nothing that was tried worked.
  package var isTight: Bool {
    !canOpenFile && !canLookAtPath && !canMakeSocket && !canFork && !canMakeThread && !canMakeMemoryExecutable
  }

  /// Tries everything on the calling thread, and then on the second one.
  static func run(_ layers: [SandboxLayer], _ second: SecondThread?) -> SandboxProbe {
    let own = run(layers)
    guard let other = second?.run({ run(layers) }) else { return own }
    return own.and(other)
  }

  private static func run(_ layers: [SandboxLayer]) -> SandboxProbe {
    SandboxProbe(
      layers: layers, canOpenFile: csystem_try_open("/etc/passwd") == 0, canLookAtPath: looks(),
      canMakeSocket: csystem_try_socket() == 0,
      canFork: csystem_try_fork() == 0, canMakeThread: csystem_try_thread() == 0,
      canMakeMemoryExecutable: csystem_try_execute_memory() == 0, threads: 1)
  }

  /// Tries an absolute path, one from the working directory, and the same from a descriptor that is no directory.
  private static func looks() -> Bool {
    for place in [AT_FDCWD, 3] {
      for path in ["/etc/passwd", "etc/passwd", "..", "/proc/self/exe"] where csystem_try_look(place, path) == 0 {
        return true
      }
    }
    return false
  }

  private func and(_ other: SandboxProbe) -> SandboxProbe {
    SandboxProbe(
      layers: layers, canOpenFile: canOpenFile || other.canOpenFile,
      canLookAtPath: canLookAtPath || other.canLookAtPath,
      canMakeSocket: canMakeSocket || other.canMakeSocket, canFork: canFork || other.canFork,
      canMakeThread: canMakeThread || other.canMakeThread,
      canMakeMemoryExecutable: canMakeMemoryExecutable || other.canMakeMemoryExecutable,
      threads: threads + other.threads)
  }
}

extension SandboxProbe {
  var json: JSONValue {
    .object([
      ("layers", .array(layers.map { .string($0.rawValue) })), ("open", .boolean(canOpenFile)),
      ("look", .boolean(canLookAtPath)),
      ("socket", .boolean(canMakeSocket)), ("fork", .boolean(canFork)), ("thread", .boolean(canMakeThread)),
      ("execute", .boolean(canMakeMemoryExecutable)), ("threads", .integer(Int64(threads))),
    ])
  }

  init?(_ document: JSONValue) {
    guard let layers = document["layers"]?.array, let open = document["open"]?.boolean,
      let look = document["look"]?.boolean,
      let socket = document["socket"]?.boolean, let fork = document["fork"]?.boolean,
      let thread = document["thread"]?.boolean, let execute = document["execute"]?.boolean,
      let threads = document["threads"]?.integer.flatMap(Int.init(exactly:))
    else { return nil }
    self.init(
      layers: layers.compactMap { $0.string.flatMap(SandboxLayer.init) }, canOpenFile: open,
      canLookAtPath: look, canMakeSocket: socket,
      canFork: fork, canMakeThread: thread, canMakeMemoryExecutable: execute, threads: threads)
  }
}
