import Glibc
import XCTest

/// An open file without a name, gone with the last reference.
final class TestFile: Sendable {
  let descriptor: Int32

  init(_ bytes: [UInt8] = []) throws {
    var path = Array("/tmp/wonder-test-XXXXXX".utf8CString)
    descriptor = mkstemp(&path)
    try XCTSkipIf(descriptor < 0, "no temporary file")
    unlink(path)
    XCTAssertEqual(pwrite(descriptor, bytes, bytes.count, 0), bytes.count)
  }

  deinit { close(descriptor) }

  var bytes: [UInt8] {
    var facts = stat()
    fstat(descriptor, &facts)
    var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
    XCTAssertEqual(pread(descriptor, &bytes, bytes.count, 0), bytes.count)
    return bytes
  }
}
