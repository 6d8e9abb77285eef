import Foundation
import XCTest

/// The folder of published test cases, named by TEST_CORPORA; tests that need it are skipped without.
func corpus(_ path: String) throws -> String {
  guard let root = ProcessInfo.processInfo.environment["TEST_CORPORA"] else {
    throw XCTSkip("TEST_CORPORA does not name the folder of test cases")
  }
  return "\(root)/\(path)"
}

func contents(_ path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}
