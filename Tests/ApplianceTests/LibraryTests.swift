import Basics
import Storage
import TestSupport
import XCTest

/// libcurl is loaded when it is needed, and what does not need it works without.
final class LibraryTests: XCTestCase {
  func testServe_WithoutLibcurl_SaysWhatToInstall() throws {
    let directory = try TemporaryDirectory()
    let environment = try hiding(directory)
    let started = try Shell.run(
      [BuiltProgram.path, "serve", "--data", directory.path + "/data", "--listen", "127.0.0.1:0"],
      environment: environment)
    XCTAssertEqual(started.code, 1, started.text)
    XCTAssert(started.text.contains("libcurl.so.4 cannot be loaded; install the package libcurl4"), started.text)
    let examined = try Shell.run(
      [BuiltProgram.path, "doctor", "--data", directory.path + "/data"], environment: environment)
    XCTAssert(examined.text.contains("install the package libcurl4"), examined.text)
  }

  func testCommands_WithoutLibcurl_Work() throws {
    let directory = try TemporaryDirectory()
    let environment = try hiding(directory)
    for words in [["version"], ["formats"], ["settings", "--data", directory.path + "/data"]] {
      let result = try Shell.run([BuiltProgram.path] + words, environment: environment)
      XCTAssertEqual(result.code, 0, result.text)
    }
  }

  /// An empty file where the library is looked for first.
  private func hiding(_ directory: TemporaryDirectory) throws -> [String: String] {
    let folder = directory.path
    try FileBytes.write([], to: folder + "/libcurl.so.4")
    return ["LD_LIBRARY_PATH": folder]
  }
}
