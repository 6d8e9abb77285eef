import Basics
import Formats

/// The media types of files that somebody brings.
enum MediaTypes {
  /// What an open file is by its bytes.
  static func type(ofFile file: Int32, named name: String) throws -> String {
    try Sniffer.type(ofFile: file).best(named: name)?.mediaType ?? "application/octet-stream"
  }

  /// What a file is by its bytes; else what its sender says, where that is a media type.
  static func type(ofFileAt path: String, named name: String, said: String?) throws -> String {
    if let known = try Sniffer.type(ofFileAt: path).best(named: name) { return known.mediaType }
    let plain = (said ?? "").prefix { $0 != ";" }.lowercased()
    let parts = plain.split(separator: "/", omittingEmptySubsequences: false)
    let isToken = plain.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || "/+-._".utf8.contains(byte)
    }
    return parts.count == 2 && isToken && parts.allSatisfy { (1...127).contains($0.utf8.count) }
      ? plain : "application/octet-stream"
  }
}
