import Basics
import Glibc
import TestSupport
import XCTest

/// A file and a server of this machine that nobody who converts may read or reach.
final class Canary {
  /// What stands in the file, which no document has of itself.
  static let song = "canary-\(getpid())-sings"

  private let directory: TemporaryDirectory
  private let server: CanaryServer

  /// A text, and a page that may be a picture's place.
  var path: String { directory.path + "/canary.txt" }
  var address: String { "http://127.0.0.1:\(server.port)/canary.png" }

  init() throws {
    directory = try TemporaryDirectory()
    server = try CanaryServer()
    // Whoever runs a program must be able to read it but for the confinement.
    chmod(directory.path, 0o755)
    let file = open(path, O_WRONLY | O_CREAT, 0o644)
    defer { close(file) }
    let bytes = Array(Canary.song.utf8)
    XCTAssertEqual(write(file, bytes, bytes.count), bytes.count)
  }

  /// How many have called since it was asked last.
  var visits: Int { server.calls }

  /// True when a file, packed or not, has what stands in the canary's.
  func isIn(_ made: OfficeBench.Made) throws -> Bool {
    let song = Canary.song
    if made.text.contains(song) { return true }
    if made.bytes.starts(with: Array("PK".utf8)) { return try made.read("unzip", "-p", "made").contains(song) }
    if made.bytes.starts(with: Array("%PDF".utf8)) {
      return try made.read("pdftotext", "made", "-").filter { !$0.isWhitespace }.contains(song)
    }
    return false
  }
}
