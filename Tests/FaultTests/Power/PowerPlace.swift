import Basics
import Glibc
import Storage

/// A folder for one state, in memory where that is to be had: what is looked at has been recorded, and needs no disk.
final class PowerPlace {
  let path: String

  init() throws {
    let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(base)/wonder-power-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemFailure("mkdtemp", base) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileTree.remove(path) }
}
