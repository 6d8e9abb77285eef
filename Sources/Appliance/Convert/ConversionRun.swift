import Basics
import Conversion
import Glibc
import Synchronization

/// Converts the files of one call, on as many threads as there are workers, and tells what becomes of each.
final class ConversionRun: Sendable {
  private struct State {
    var next = 0
    var done = 0
    var failed = 0
    var results: [Int: JSONValue] = [:]
  }

  private let files: ConversionOrder
  private let pool: WorkerPool
  private let call: Invocation
  private let bar: FileProgress?
  private let state = Mutex(State())

  init(_ files: ConversionOrder, _ pool: WorkerPool, _ call: Invocation) {
    self.files = files
    self.pool = pool
    self.call = call
    bar = call.console.isTerminal ? FileProgress(count: files.pairs.count) : nil
  }

  var hasFailed: Bool { state.withLock { $0.failed > 0 } }

  /// Takes one file after the other until none is left.
  func work() {
    while let index = take() {
      let pair = files.pairs[index]
      do {
        let outcome = try convert(index, pair)
        report(index, pair, .success(outcome))
      } catch {
        report(index, pair, .failure(error))
      }
    }
  }

  /// Prints what is printed at the end.
  func end() {
    bar?.clear()
    let (results, done, failed) = state.withLock { ($0.results, $0.done, $0.failed) }
    if call["--json"] != nil {
      call.console.out(JSONValue.array(results.sorted { $0.key < $1.key }.map(\.value)).text)
    } else if files.pairs.count > 1 {
      call.console.error("\(done) converted, \(failed) failed")
    }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard state.next < files.pairs.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  private func convert(_ index: Int, _ pair: ConversionOrder.Pair) throws -> ConversionOutcome {
    let source = try check("open", pair.input) { open(pair.input, O_RDONLY | O_CLOEXEC) }
    defer { close(source) }
    let from = try files.source ?? sniff(source)
    guard Catalogue.standard.converter(from: from, to: pair.target) != nil else {
      let offered = Catalogue.standard.formats(from: from).map(\.name).joined(separator: ", ")
      throw UsageFailure("\(from.name) cannot become \(pair.target.name); the formats are \(offered)")
    }
    // Beside the target, so that a failed conversion leaves an older file as it was.
    let aside = pair.output + ".wonder-new"
    let target = try check("open", aside) { open(aside, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) }
    defer {
      close(target)
      unlink(aside)
    }
    let outcome = try pool.convert(
      Conversion(from: from, to: pair.target, options: files.options),
      files: ConversionFiles(sources: [source], output: target), timeLimit: call.settings.span(.conversionTime),
      progress: { [bar] in bar?.show(index, percent: $0) })
    try check("rename", pair.output) { rename(aside, pair.output) }
    return outcome
  }

  private func sniff(_ source: Int32) throws -> Format {
    let type = try Sniffer.type(ofFile: source)
    guard let format = type.format, Catalogue.standard.sources.contains(format) else {
      let names = Catalogue.standard.sources.map(\.name).joined(separator: ", ")
      throw UsageFailure("the file is \(type.description); readable: \(names)")
    }
    return format
  }

  private func report(_ index: Int, _ pair: ConversionOrder.Pair, _ result: Result<ConversionOutcome, any Error>) {
    var members: [(name: String, value: JSONValue)] = [("input", .string(pair.input))]
    bar?.clear()
    switch result {
    case .success(let outcome):
      members += [
        ("output", .string(pair.output)), ("width", .integer(Int64(outcome.width ?? 0))),
        ("height", .integer(Int64(outcome.height ?? 0))), ("size", .integer(outcome.size)),
        ("sha256", .string(Hexadecimal.encode(outcome.sha256))),
      ]
      if call["--json"] == nil {
        call.console.out("\(pair.output): \(outcome.width ?? 0) x \(outcome.height ?? 0), \(outcome.size) bytes")
      }
    case .failure(let error):
      let failure = error as? ConversionFailure
      let message = failure?.message ?? "\(error)"
      members += [("error", .string(failure?.code.rawValue ?? "file")), ("message", .string(message))]
      call.console.error("wonder convert: \(pair.input): \(message)")
    }
    bar?.finish(index)
    state.withLock { state in
      state.results[index] = .object(members)
      if case .success = result { state.done += 1 } else { state.failed += 1 }
    }
  }
}
