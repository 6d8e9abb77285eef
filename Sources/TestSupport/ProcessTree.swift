package import Glibc
import Storage

/// The processes of this machine as /proc tells them.
package enum ProcessTree {
  package struct Member: Sendable, Hashable {
    package let process: pid_t
    package let parent: pid_t
    /// Its program and arguments, with spaces between.
    package let command: String
  }

  /// All that a process has started, and what those have; one that has ended and waits for its parent is none.
  package static func descendants(of root: pid_t) -> [Member] {
    let names = (try? FileTree.names(in: "/proc")) ?? []
    let all = names.compactMap { pid_t($0) }.compactMap(member)
    var found: [Member] = []
    var parents: Set<pid_t> = [root]
    while true {
      let more = all.filter { member in parents.contains(member.parent) && !found.contains(member) }
      if more.isEmpty { return found }
      found += more
      parents.formUnion(more.map(\.process))
    }
  }

  /// True while it runs or is stopped.
  package static func isAlive(_ process: pid_t) -> Bool { member(process) != nil }

  private static func member(_ process: pid_t) -> Member? {
    // The fields after the name, which may hold anything (proc(5), /proc/[pid]/stat).
    guard let text = text("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 1, fields[0] != "Z", fields[0] != "X", let parent = pid_t(fields[1]) else { return nil }
    let command = Self.text("/proc/\(process)/cmdline")?.split(separator: "\0").joined(separator: " ")
    return Member(process: process, parent: parent, command: command ?? "")
  }

  private static func text(_ path: String) -> String? {
    (try? FileBytes.read(path, atMost: 1 << 16)).map { String(decoding: $0, as: UTF8.self) }
  }
}
