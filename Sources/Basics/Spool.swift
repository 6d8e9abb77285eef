import Glibc

/// The folder of files in the making: whoever makes one has its name entered until it is gone or moved away.
package final class Spool: Sendable {
  package let path: String
  private let names = NamesInUse()
  private let mend: @Sendable () throws -> Void

  /// `mend` is called when the folder is gone: it makes it again or throws why it cannot be used.
  package init(path: String, mend: @escaping @Sendable () throws -> Void = {}) {
    self.path = path
    self.mend = mend
  }

  /// Makes a file (mode 0600) and enters its name; the caller closes the descriptor and gives the path back with `remove`.
  package func makeFile(_ name: String, _ flags: Int32) throws -> (path: String, descriptor: Int32) {
    let path = path + "/" + name
    let flags = flags | O_CREAT | O_CLOEXEC | O_NOFOLLOW
    let descriptor = try make(path, "open") { open(path, flags, 0o600) }
    return (path, descriptor)
  }

  /// Makes a folder (mode 0700) and enters its name; whoever has used it calls `leave`.
  package func makeFolder(_ name: String) throws -> String {
    let path = path + "/" + name
    _ = try make(path, "mkdir") { mkdir(path, 0o700) }
    return path
  }

  /// Removes a file, unless it was moved away, and forgets its name.
  package func remove(_ path: String) {
    unlink(path)
    leave(path)
  }

  /// Forgets a name whose file others may remove.
  package func leave(_ path: String) { names.leave([Spool.name(of: path)]) }

  /// True while this process has the file or folder of this name in hand.
  package func isInUse(_ name: String) -> Bool { names.contains(name) }

  /// The name is entered first, so that there is no moment at which the file belongs to nobody.
  private func make(_ path: String, _ call: String, _ body: () -> Int32) throws -> Int32 {
    names.enter([Spool.name(of: path)])
    do {
      let result = body()
      if result >= 0 { return result }
      let failure = SystemFailure(call, path)
      guard failure.isOfPlace || failure.code == EINTR else { throw failure }
      try mend()
      return try check(call, path, body)
    } catch {
      leave(path)
      throw error
    }
  }

  private static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
