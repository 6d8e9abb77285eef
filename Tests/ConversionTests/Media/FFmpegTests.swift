import Basics
import Conversion
import Formats
import TestSupport
import XCTest

/// Every pair of film and sound, and every option, by the real program.
final class FFmpegTests: XCTestCase {
  private static let films: [Format] = [.mp4, .webm, .mov, .mkv, .avi]
  private static let sounds: [Format] = [.mp3, .aac, .m4a, .wav, .ogg, .opus, .flac]

  func testFilms_IntoEachOther_KeepPictureSoundAndLength() throws {
    let bench = try MediaBench()
    for from in Self.films {
      let source = try bench.source(from)
      for to in Self.films {
        let facts = try bench.facts(try bench.make(source, from, to))
        XCTAssertEqual(facts.seconds, 2, accuracy: 0.2, "\(from) \(to)")
        XCTAssertEqual([facts.width, facts.height], [64, 48], "\(from) \(to)")
        XCTAssertNotNil(facts.film, "\(from) \(to)")
        XCTAssertNotNil(facts.sound, "\(from) \(to)")
      }
    }
  }

  func testFilmsAndSounds_IntoSounds_KeepTheLength() throws {
    let bench = try MediaBench()
    let codecs: [Format: String] = [
      .mp3: "mp3", .aac: "aac", .m4a: "aac", .wav: "pcm_s16le", .ogg: "vorbis", .opus: "opus", .flac: "flac",
    ]
    let sources = try TwoAtATime.map(Self.films + Self.sounds) { ($0, try bench.source($0)) }
    let pairs = sources.flatMap { source in Self.sounds.map { (from: source.0, bytes: source.1, to: $0) } }
    let made = try TwoAtATime.map(pairs) { try bench.facts(try bench.make($0.bytes, $0.from, $0.to)) }
    for (pair, facts) in zip(pairs, made) {
      XCTAssertEqual(facts.seconds, 2, accuracy: 0.25, "\(pair.from) \(pair.to)")
      XCTAssertEqual(facts.sound, codecs[pair.to], "\(pair.from) \(pair.to)")
      XCTAssertNil(facts.film, "\(pair.from) \(pair.to)")
    }
    XCTAssertEqual(made.count, (Self.films + Self.sounds).count * Self.sounds.count)
  }

  func testGIFs_FromAndIntoFilms() throws {
    let bench = try MediaBench()
    let gif = try bench.source(.gif)
    for film in Self.films {
      let made = try bench.facts(try bench.make(gif, .gif, film))
      XCTAssertEqual(made.seconds, 2, accuracy: 0.2, film.name)
      XCTAssertNil(made.sound)
      let back = try bench.facts(try bench.make(try bench.source(film), film, .gif, ["fps": "5", "width": "32"]))
      XCTAssertEqual([back.width, back.height], [32, 24], film.name)
      XCTAssertEqual(back.rate, "5/1")
      XCTAssertEqual(back.seconds, 2, accuracy: 0.3)
    }
  }

  func testStills_AreTheOneAskedForOrMany() throws {
    let bench = try MediaBench()
    for film in Self.films {
      let source = try bench.source(film)
      for (to, options, sides) in [
        (.png, [:], [64, 48]), (.jpeg, ["time": "1.5", "quality": "50"], [64, 48]), (.png, ["width": "20"], [20, 15]),
        (.png, ["storyboard": "true", "columns": "2", "rows": "3", "width": "40"], [2 * 40 + 4, 3 * 30 + 8]),
        (.jpeg, ["storyboard": "true"], [4 * 320 + 12, 4 * 240 + 12]),
      ] as [(Format, [String: String], [Int])] {
        let facts = try bench.facts(try bench.make(source, film, to, options))
        XCTAssertEqual([facts.width, facts.height], sides, "\(film) \(to) \(options)")
        XCTAssertEqual(facts.film, to == .png ? "png" : "mjpeg")
      }
    }
    let film = try bench.source(.mp4)
    XCTAssertNotEqual(
      try bench.make(film, .mp4, .png, ["time": "0.1"]), try bench.make(film, .mp4, .png, ["time": "1.8"]))
  }

  func testOptions_DoWhatTheySay() throws {
    let bench = try MediaBench()
    let film = try bench.source(.mp4, size: "320x240")
    let part = try bench.facts(try bench.make(film, .mp4, .webm, ["start": "0.5", "duration": "1"]))
    XCTAssertEqual(part.seconds, 1, accuracy: 0.15)
    let small = try bench.facts(
      try bench.make(film, .mp4, .mp4, ["width": "101", "height": "1000", "fps": "5", "mute": "true"]))
    XCTAssertEqual([small.width, small.height], [100, 76])
    XCTAssertEqual(small.rate, "5/1")
    XCTAssertNil(small.sound)
    for target in [.mp4, .webm, .avi] as [Format] {
      let sizes = try ["1", "50", "100"].map { try bench.make(film, .mp4, target, ["video_quality": $0]).count }
      XCTAssertEqual(sizes, sizes.sorted(), target.name)
      XCTAssertLessThan(sizes[0], sizes[2], target.name)
    }
    let sound = try bench.source(.wav)
    let thin = try bench.make(sound, .wav, .mp3, ["audio_bitrate": "32"])
    XCTAssertLessThan(thin.count * 3, try bench.make(sound, .wav, .mp3).count)
    for target in Self.sounds {
      for rate in ["8", "320"] {
        let failure = bench.failure(sound, .wav, target, ["audio_bitrate": rate])
        XCTAssertTrue(
          [nil, .unsupportedConversion].contains(failure?.code), "\(target) \(rate) \(String(describing: failure))")
      }
    }
    let quiet = try bench.source(.wav, ["-af", "volume=-30dB"])
    let peaks = [Self.peak(quiet), Self.peak(try bench.make(quiet, .wav, .wav, ["normalize": "true"]))]
    XCTAssertGreaterThan(peaks[1], peaks[0] * 3)
  }

  /// The loudest sample of a WAV of 16 bits.
  private static func peak(_ bytes: [UInt8]) -> Int {
    var most = 0
    for place in stride(from: 200, to: bytes.count - 1, by: 2) {
      most = max(most, abs(Int(Int16(bitPattern: UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8))))
    }
    return most
  }

  func testCodedAlready_GoesAsItIs() throws {
    let bench = try MediaBench()
    let film = try bench.source(.mkv)
    let (copied, coded) = (try bench.make(film, .mkv, .mp4), try bench.make(film, .mkv, .mp4, ["video_quality": "1"]))
    XCTAssertEqual(try bench.facts(copied).film, "h264")
    XCTAssertGreaterThan(copied.count, coded.count)
    XCTAssertEqual(try bench.facts(try bench.make(film, .mkv, .webm)).film, "vp9")
  }

  func testProgress_GoesUpToTheEnd() throws {
    let bench = try MediaBench()
    let film = try bench.source(.mp4, size: "640x480", seconds: "20")
    var told: [Int] = []
    _ = try bench.make(film, .mp4, .webm) { told.append($0) }
    XCTAssertGreaterThan(told.count, 1)
    XCTAssertEqual(told, told.sorted())
    XCTAssertTrue(told.allSatisfy { (0...99).contains($0) }, "\(told)")
    XCTAssertGreaterThan(told.last ?? 0, 50)
  }

  func testFailures_AreSentences() throws {
    let bench = try MediaBench()
    let film = try bench.source(.mp4)
    let silent = try bench.make(film, .mp4, .mp4, ["mute": "true"])
    let sound = try bench.source(.m4a)
    let long = try bench.source(.mkv, size: "16x16", seconds: "7300", ["-c:v", "mpeg4", "-r", "1", "-g", "600", "-an"])
    let large = try bench.source(.mp4, size: "4200x2400", seconds: "0.2")
    for (bytes, from, to, options, code, words) in [
      (Array("ftypmp42 nothing".utf8), .mp4, .webm, [:], .damagedFile, "the file is damaged"),
      (Array(film[..<(film.count / 2)]), .mkv, .mp4, [:], .damagedFile, "the file is damaged"),
      (silent, .mp4, .mp3, [:], .unsupportedConversion, "the file has no sound"),
      (sound, .mp4, .webm, [:], .unsupportedConversion, "the file has no moving picture"),
      (film, .mp4, .webm, ["start": "3"], .unsupportedConversion, "the file lasts 2.0 s, which is less than start"),
      (film, .mp4, .png, ["time": "30"], .unsupportedConversion, "nothing in the part"),
      (film, .mp4, .mp4, ["width": "5000"], .tooManyPixels, "5000 pixels on a side"),
      (large, .mp4, .webm, [:], .tooManyPixels, "the film is 4200 x 2400 pixels"),
      (long, .mkv, .mp4, ["fps": "1"], .unsupportedConversion, "the file lasts 2 h 1 min, and may last 2 h 0 min"),
    ] as [([UInt8], Format, Format, [String: String], ConversionFailure.Code, String)] {
      let failure = bench.failure(bytes, from, to, options)
      XCTAssertEqual(failure?.code, code, "\(from) \(to) \(options) \(String(describing: failure))")
      XCTAssertTrue(failure?.message.contains(words) ?? false, "\(String(describing: failure)) \(failure?.words ?? "")")
    }
    XCTAssertNil(bench.failure(long, .mkv, .mp4, ["start": "7000", "duration": "2"]), "a part of what is too long")
    XCTAssertNil(bench.failure(long, .mkv, .png, ["storyboard": "true"]), "pictures of what is too long")
  }
}
