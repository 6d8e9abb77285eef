import Basics
import Conversion
import Formats
import Foundation
import Glibc
import TestSupport
import XCTest

/// Playlists, lists and texts that name files and servers lead nowhere, whatever they are called.
final class HostileMediaTests: XCTestCase {
  /// With all that keeps a program apart, and without the spaces that some machines refuse.
  private static let benches: [ToolConfinement] = [[], [.users, .network, .processes]]

  private func lists(_ canary: String, _ server: String) -> [String] {
    [canary, "file://\(canary)", "file:\(canary)", server, "/etc/passwd", "concat:\(canary)|\(canary)"].flatMap {
      target in
      [
        "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1.0,\n\(target)\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n\(target)\n",
        "ffconcat version 1.0\nfile '\(target)'\nduration 1\n",
        "<?xml version='1.0'?><MPD><Period><BaseURL>\(target)</BaseURL></Period></MPD>",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 1 RTP/AVP 0\na=control:\(target)\n",
        "[playlist]\nFile1=\(target)\n",
      ]
    }
  }

  func testLists_UnderEveryName_ReadNoFileAndReachNoServer() throws {
    for masked in Self.benches {
      let bench = try MediaBench(masked: masked)
      let server = try CanaryServer()
      let canary = bench.directory.path + "/canary.wav"
      try Data(try bench.source(.wav)).write(to: URL(filePath: canary))
      chmod(canary, 0o644)
      chmod(bench.directory.path, 0o755)
      for (number, list) in lists(canary, "http://127.0.0.1:\(server.port)/x.ts").enumerated() {
        for from in [.mp4, .webm, .avi, .gif, .mp3, .wav, .ogg, .flac] as [Format]
        where (number + from.name.count) % 4 == 0 {
          let to: Format = from.category == .audio ? .wav : .mp4
          let made = try? bench.make(Array(list.utf8), from, to)
          XCTAssertNil(made, "\(from) \(list)")
        }
      }
      XCTAssertEqual(server.calls, 0)
    }
  }

  func testSubtitlesAndTitles_ThatNameFiles_AreLeftOut() throws {
    for masked in Self.benches {
      let bench = try MediaBench(masked: masked)
      let canary = bench.directory.path + "/canary.srt"
      let secret = "1\n00:00:00,000 --> 00:00:02,000\ncanary-4711\n"
      try Data(secret.utf8).write(to: URL(filePath: canary))
      let path = bench.directory.path + "/with.mkv"
      let plain = bench.directory.path + "/plain.mkv"
      try Data(try bench.source(.mkv)).write(to: URL(filePath: plain))
      let made = try Shell.run(
        "ffmpeg", "-nostdin", "-v", "error", "-y", "-i", plain, "-i", canary, "-map", "0", "-map", "1", "-c", "copy",
        "-c:s", "ass", "-attach", canary, "-metadata:s:t", "mimetype=application/x-truetype-font", "-metadata",
        "title=subtitles=/etc/passwd,movie=/etc/passwd", path)
      XCTAssertEqual(made.code, 0, made.text)
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      for target in [.mkv, .mp4, .webm, .mp3, .png] as [Format] {
        let output = String(decoding: try bench.make(bytes, .mkv, target), as: UTF8.self)
        XCTAssertFalse(output.contains("canary-4711"), target.name)
        XCTAssertFalse(output.contains("root:x:0"), target.name)
      }
    }
  }
}
