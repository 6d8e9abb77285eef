import Basics
import Conversion
import Formats
import Foundation
import Glibc
import TestSupport
import XCTest

/// Has ffmpeg make things as the server would, and makes what it is tried on by ffmpeg itself.
struct MediaBench {
  let directory: TemporaryDirectory
  private let bench: ToolBench
  private let catalogue: Catalogue

  /// Skips the test where the programs are not here.
  init(masked: ToolConfinement = []) throws {
    let toolbox = Toolbox.find()
    try XCTSkipIf(
      toolbox.path(of: Program("ffmpeg", package: "ffmpeg")) == nil, "ffmpeg is not here: apt-get install ffmpeg")
    directory = try TemporaryDirectory()
    try check("mkdir", "spool") { [directory] in mkdir(directory.path + "/spool", 0o700) }
    bench = ToolBench(
      program: ProgramFile(BuiltProgram.path), found: toolbox, spool: Spool(path: directory.path + "/spool"),
      level: .weak, masked: masked, log: .silent)
    catalogue = Catalogue(found: toolbox)
  }

  /// Two seconds of a test picture with a tone, or one of them.
  func source(_ format: Format, size: String = "64x48", seconds: String = "2", _ more: [String] = []) throws -> [UInt8]
  {
    let path = directory.path + "/source.\(format.fileExtension)"
    let hasFilm = format.category == .video || format == .gif
    var words = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
    if hasFilm { words += ["-f", "lavfi", "-i", "testsrc=size=\(size):rate=10:duration=\(seconds)"] }
    if format != .gif { words += ["-f", "lavfi", "-i", "sine=frequency=440:duration=\(seconds)"] }
    let made = try Shell.run(words + more + (hasFilm && format != .gif ? ["-pix_fmt", "yuv420p"] : []) + [path])
    guard made.code == 0 else { throw SystemFailure("ffmpeg: \(made.text)", path) }
    return [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  /// What became of a file.
  func make(
    _ bytes: [UInt8], _ from: Format, _ to: Format, _ texts: [String: String] = [:],
    progress: @escaping (Int) -> Void = { _ in }
  ) throws -> [UInt8] {
    let conversion = Conversion(from: from, to: to, options: try ConversionOptions(texts))
    let steps = try XCTUnwrap(catalogue.steps(of: conversion), "\(from) to \(to)")
    XCTAssertEqual(steps.map(\.maker.name), ["ffmpeg"])
    let (source, output) = (try TestFile(bytes), try TestFile())
    let order = Order(
      step: steps[0], conversion: conversion,
      files: ConversionFiles(sources: [source.descriptor], output: output.descriptor), timeLimit: .seconds(120),
      mostBytes: 64 << 20)
    _ = try bench.make(order, watch: Watch(progress: progress))
    return output.bytes
  }

  /// The code and sentence of a failure.
  func failure(
    _ bytes: [UInt8], _ from: Format, _ to: Format, _ texts: [String: String] = [:]
  ) -> ConversionFailure? {
    do {
      _ = try make(bytes, from, to, texts)
      return nil
    } catch {
      return error as? ConversionFailure
    }
  }

  /// What a second program finds in a file.
  struct Facts {
    let seconds: Double
    let film: String?
    let sound: String?
    let width: Int
    let height: Int
    let rate: String
    let format: String
  }

  func facts(_ bytes: [UInt8]) throws -> Facts {
    let own = try TemporaryDirectory()
    let path = own.path + "/made"
    try Data(bytes).write(to: URL(filePath: path))
    let found = try Shell.run(
      "ffprobe", "-v", "error", "-count_packets", "-show_format", "-show_streams", "-of", "json", path)
    let document = try JSONReader.parse(found.text.utf8)
    let streams = document["streams"]?.array ?? []
    let film = streams.first { $0["codec_type"]?.string == "video" }
    let sound = streams.first { $0["codec_type"]?.string == "audio" }
    return Facts(
      seconds: document["format"]?["duration"]?.string.flatMap(Double.init) ?? 0, film: film?["codec_name"]?.string,
      sound: sound?["codec_name"]?.string, width: Int(film?["width"]?.integer ?? 0),
      height: Int(film?["height"]?.integer ?? 0), rate: film?["avg_frame_rate"]?.string ?? "",
      format: document["format"]?["format_name"]?.string ?? "")
  }
}
