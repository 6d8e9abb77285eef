import Basics
import CSystem
import Glibc

/// What a sandboxed child could still do, by trying: all of it should be refused.
package struct SandboxProbe: Sendable, Equatable {
  package let layers: [SandboxLayer]
  package let canOpenFile: Bool
  package let canMakeSocket: Bool
  package let canFork: Bool
  package let canMakeMemoryExecutable: Bool

  /// True when nothing that was tried worked.
  package var isTight: Bool { !canOpenFile && !canMakeSocket && !canFork && !canMakeMemoryExecutable }

  /// Tries everything in the calling process.
  static func run(_ layers: [SandboxLayer]) -> SandboxProbe {
    SandboxProbe(
      layers: layers, canOpenFile: csystem_try_open("/etc/passwd") == 0, canMakeSocket: csystem_try_socket() == 0,
      canFork: csystem_try_fork() == 0, canMakeMemoryExecutable: csystem_try_execute_memory() == 0)
  }
}

extension SandboxProbe {
  var json: JSONValue {
    .object([
      ("layers", .array(layers.map { .string($0.rawValue) })), ("open", .boolean(canOpenFile)),
      ("socket", .boolean(canMakeSocket)), ("fork", .boolean(canFork)), ("execute", .boolean(canMakeMemoryExecutable)),
    ])
  }

  init?(_ document: JSONValue) {
    guard let layers = document["layers"]?.array, let open = document["open"]?.boolean,
      let socket = document["socket"]?.boolean, let fork = document["fork"]?.boolean,
      let execute = document["execute"]?.boolean
    else { return nil }
    self.init(
      layers: layers.compactMap { $0.string.flatMap(SandboxLayer.init) }, canOpenFile: open, canMakeSocket: socket,
      canFork: fork, canMakeMemoryExecutable: execute)
  }
}
