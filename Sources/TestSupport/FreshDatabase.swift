import Basics
import Glibc
import Storage

/// The database of a first start, made once: a test that needs one and nothing of its making copies it.
enum FreshDatabase {
  private static let bytes = Result { try make() }

  private static func make() throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    try Store(path: directory.path).close()
    return try FileBytes.read(directory.path + "/wonder.db", atMost: 1 << 24)
  }

  /// Puts it into a data directory that has none, or is not there yet.
  static func put(into data: String) throws {
    let path = data + "/wonder.db"
    if try FileTree.exists(path) { return }
    mkdir(data, 0o700)
    try FileBytes.write(bytes.get(), to: path)
  }
}
