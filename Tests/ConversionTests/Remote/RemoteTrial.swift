import Basics
import Formats
import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import Conversion

/// A server's side of work done elsewhere, with a launcher that is a script of a test.
final class RemoteTrial: Sendable {
  /// Makes what is made here, and counts it.
  final class Here: Bench {
    let count = Atomic(0)

    func make(_ order: Order, watch: Watch) throws(ConversionFailure) -> [MadeFile] {
      count.add(1, ordering: .relaxed)
      throw ConversionFailure(.unsupportedConversion, "here")
    }

    func close() {}
  }

  let directory: TemporaryDirectory
  let line = AssignmentLine()
  let here = Here()
  let launcher: Launcher
  let bench: RemoteBench

  /// `script` is a line of sh that has what to run as its words; `slots` calls at once.
  init(_ script: String, slots: Int = 1, in directory: TemporaryDirectory? = nil, version: String = "1") throws {
    let directory = try directory ?? TemporaryDirectory()
    self.directory = directory
    launcher = Launcher(
      words: ["/bin/sh", "-c", script, "launcher", BuiltProgram.path, "step"],
      environment: ["PATH=/usr/bin:/bin", "FOLDER=\(directory.path)"], line: line, place: directory.path,
      slots: slots, log: .silent)
    bench = RemoteBench(
      local: here, line: line, lanes: [.quick], places: LocalPlaces([.quick: 1]), place: directory.path,
      version: version, settings: ["WONDER_PNG": "fast"], log: .silent)
    try launcher.start()
  }

  func stop() {
    bench.detach()
    launcher.stop()
  }

  /// What a step of a large file makes, which is not kept here for being short.
  func make(
    key: String? = nil, isCanceled: @escaping () -> Bool = { false }, large: Bool = true
  ) throws -> (made: [MadeFile], bytes: [UInt8]) {
    let source = try TestFile([0x61])
    if large { XCTAssertEqual(ftruncate(source.descriptor, 9 << 20), 0) }
    let output = try TestFile()
    let conversion = Conversion(from: nil, to: .sha256)
    let step = try XCTUnwrap(Catalogue.standard.steps(of: conversion)?.first)
    var order = Order(
      step: step, conversion: conversion,
      files: ConversionFiles(sources: [source.descriptor], output: output.descriptor), timeLimit: .seconds(60),
      mostBytes: 1000)
    order.key = key
    let made = try bench.make(order, watch: Watch(isCanceled: isCanceled))
    return (made, output.bytes)
  }

  /// Blocks until somebody has written into a pipe with a name; gives what.
  func hear(_ name: String) -> String {
    let path = "\(directory.path)/\(name)"
    mkfifo(path, 0o600)
    return LaunchRecord.text(path) ?? ""
  }
}
