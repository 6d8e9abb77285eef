import Glibc
import XCTest

/// A folder of test data.
enum Folder {
  static func names(in folder: String) throws -> [String] {
    guard let directory = opendir(folder) else { throw XCTSkip("no \(folder)") }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(withUnsafePointer(to: &entry.pointee.d_name.0) { String(cString: $0) })
    }
    return names.sorted()
  }

  static func bytes(of path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY)
    try XCTSkipIf(file < 0, "no \(path)")
    defer { close(file) }
    var facts = stat()
    fstat(file, &facts)
    var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
    XCTAssertEqual(read(file, &bytes, bytes.count), bytes.count)
    return bytes
  }
}
