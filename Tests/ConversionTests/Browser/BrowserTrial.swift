import Basics
import Formats
import Glibc
import Outbound
import TestSupport
import XCTest

@testable import Conversion

/// A real browser on pages of a server of the test's own, of which it may reach no other.
final class BrowserTrial: Sendable {
  struct Made {
    let bytes: [UInt8]
    let outcome: ConversionOutcome

    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  let bench: BrowserBench
  let addresses: AddressGuard
  let server: WebhookReceiver
  private let pool: WorkerPool
  private let directory: TemporaryDirectory

  /// Skips a test where there is no browser; `answer` says what the server has at a path.
  init(pages: Int = 2, _ answer: @escaping @Sendable (ReceivedRequest) -> WebhookReceiver.Answer) throws {
    let found = Toolbox.find(for: Chromium.all)
    try XCTSkipIf(
      Chromium.all.allSatisfy { found.missing(for: $0) != nil },
      "no browser: apt-get install chromium-headless-shell")
    server = try WebhookReceiver(answer: answer)
    directory = try TemporaryDirectory()
    pool = WorkerPool(program: ProgramFile(BuiltProgram.path), workers: 1, log: .silent)
    let tools = ToolBench(
      program: ProgramFile(BuiltProgram.path), found: found, spool: Spool(path: directory.path), level: .weak,
      log: .silent)
    let ports = try XCTUnwrap(PortSet("1-65535"))
    addresses = AddressGuard(allowed: Network.list("127.0.0.1/32") ?? [], ports: ports)
    bench = BrowserBench(
      tools: tools, pool: pool, steps: .standard,
      addresses: addresses, pages: pages)
  }

  /// Ends the browser; nothing of it is left in the folder.
  func end() {
    bench.close()
    pool.close()
    XCTAssertEqual(try? Folder.names(in: directory.path).filter { !$0.hasPrefix(".") }, [], "what is left")
  }

  deinit { server.close() }

  func address(_ path: String) -> String { "http://127.0.0.1:\(server.port)\(path)" }

  /// Makes a file of a page of the server's.
  func make(
    _ path: String, _ to: Format, _ options: [String: String] = [:], timeLimit: Duration = .seconds(60),
    isOffline: Bool = false, isCanceled: @escaping () -> Bool = { false }
  ) throws -> Made {
    try make(
      PageAddress.file(of: address(path)), .url, to, options, timeLimit: timeLimit, isOffline: isOffline,
      isCanceled: isCanceled)
  }

  /// Makes a file of a page that is one itself, or in an archive.
  func make(
    _ bytes: [UInt8], _ from: Format, _ to: Format, _ options: [String: String] = [:],
    timeLimit: Duration = .seconds(60), isOffline: Bool = false, isCanceled: @escaping () -> Bool = { false }
  ) throws -> Made {
    let found = Toolbox.find(for: Chromium.all)
    let maker = try XCTUnwrap(Chromium.all.first { found.missing(for: $0) == nil })
    let offer = try XCTUnwrap(maker.offers.first { $0.from?.contains(from) ?? false && $0.to.contains(to) })
    let (source, output) = (try TestFile(bytes), try TestFile())
    var order = Order(
      step: Step(maker: maker, offer: offer, from: from, to: to),
      conversion: Conversion(from: from, to: to, options: try ConversionOptions(options)),
      files: ConversionFiles(sources: [source.descriptor], output: output.descriptor), timeLimit: timeLimit,
      mostBytes: 1 << 30)
    order.isOffline = isOffline
    let made = try bench.make(order, watch: Watch(isCanceled: isCanceled))
    return Made(bytes: output.bytes, outcome: try XCTUnwrap(made.first).outcome)
  }

  /// Why nothing is made of a page.
  func failure(
    _ path: String, _ to: Format = .png, _ options: [String: String] = [:], timeLimit: Duration = .seconds(60)
  ) -> ConversionFailure? {
    do {
      let made = try make(path, to, options, timeLimit: timeLimit)
      XCTFail("\(path) made \(made.bytes.count) bytes")
      return nil
    } catch {
      return error as? ConversionFailure
    }
  }
}

extension WebhookReceiver.Answer {
  static func page(_ body: String, _ headers: [(String, String)] = [], status: Int = 200) -> WebhookReceiver.Answer {
    .status(status, headers: [("Content-Type", "text/html; charset=utf-8")] + headers, body: body)
  }
}
