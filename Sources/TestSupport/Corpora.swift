import Glibc
import Storage
import XCTest

/// Third-party test data outside the project, named by TEST_CORPORA; tests that need it are skipped without it.
package enum Corpora {
  package static func path(_ name: String) throws -> String {
    guard let folder = getenv("TEST_CORPORA") else { throw XCTSkip("TEST_CORPORA is not set") }
    return String(cString: folder) + "/" + name
  }

  package static func bytes(_ name: String) throws -> [UInt8] {
    try FileBytes.read(path(name), atMost: 1 << 26)
  }

  package static func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }
}
