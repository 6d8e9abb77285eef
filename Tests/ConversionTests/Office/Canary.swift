import Basics
import Glibc
import TestSupport
import XCTest

/// A file and a server of this machine that nobody who converts may read or reach.
final class Canary {
  /// What stands in the file, which no document has of itself.
  static let song = "canary-\(getpid())-sings"

  private let directory: TemporaryDirectory
  private let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
  private(set) var port: UInt16 = 0

  /// A text, and a page that may be a picture's place.
  var path: String { directory.path + "/canary.txt" }
  var address: String { "http://127.0.0.1:\(port)/canary.png" }

  init() throws {
    directory = try TemporaryDirectory()
    // Whoever runs a program must be able to read it but for the confinement.
    chmod(directory.path, 0o755)
    let file = open(path, O_WRONLY | O_CREAT, 0o644)
    defer { close(file) }
    let bytes = Array(Canary.song.utf8)
    XCTAssertEqual(write(file, bytes, bytes.count), bytes.count)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isBound else { throw SystemFailure("bind", "127.0.0.1") }
    port = UInt16(bigEndian: place.sin_port)
  }

  deinit { close(listener) }

  /// How many have called.
  var visits: Int {
    var count = 0
    while true {
      let caller = accept(listener, nil, nil)
      guard caller >= 0 else { return count }
      close(caller)
      count += 1
    }
  }

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
