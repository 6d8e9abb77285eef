import Basics
import Conversion
import Engine
import Formats
import Glibc
import Storage
import Synchronization

/// Converts the files of one call, on as many threads as there are workers, and tells what becomes of each.
final class ConversionRun: Sendable {
  private struct State {
    var next = 0
    var done = 0
    var failed = 0
    var results: [Int: [JSONValue]] = [:]
  }

  private let order: ConversionOrder
  private let conversion: FileConversion
  private let call: Invocation
  private let bar: FileProgress?
  private let state = Mutex(State())

  init(_ order: ConversionOrder, _ bench: Benches, _ call: Invocation) {
    self.order = order
    self.call = call
    let named = order.jobs.flatMap(\.inputs) + [order.watermark].compactMap { $0 }
    conversion = FileConversion(
      order: order, bench: bench, timeLimit: call.settings.span(.conversionTime),
      spared: call["--force"] == nil ? Set(named.compactMap(FileIdentity.init(path:))) : [])
    bar = call.console.isTerminal ? FileProgress(count: order.jobs.count) : nil
  }

  var hasFailed: Bool { state.withLock { $0.failed > 0 } }

  /// Takes one file after the other until none is left.
  func work() {
    while let index = take() {
      let job = order.jobs[index]
      do {
        let made = try conversion.make(job) { [bar] in bar?.show(index, percent: $0) }
        for (output, outcome) in made { report(index, job, output, .success(outcome)) }
      } catch {
        report(index, job, job.output, .failure(error))
      }
    }
  }

  /// Prints what is printed at the end.
  func end() {
    bar?.clear()
    let (results, done, failed) = state.withLock { ($0.results, $0.done, $0.failed) }
    if call["--json"] != nil {
      tell(JSONValue.array(results.sorted { $0.key < $1.key }.flatMap(\.value)).text)
    } else if order.jobs.count > 1 {
      call.console.error("\(done) converted, \(failed) failed")
    }
  }

  /// Results go to standard output, unless the converted file does.
  private func tell(_ line: String) {
    if order.jobs.contains(where: { OutputFile.isStandard($0.output) }) {
      call.console.error(line)
    } else {
      call.console.out(line)
    }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard state.next < order.jobs.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  private func report(
    _ index: Int, _ job: ConversionOrder.Job, _ output: String, _ result: Result<ConversionOutcome, any Error>
  ) {
    var members: [(name: String, value: JSONValue)] =
      job.inputs.count == 1
      ? [("input", .string(job.inputs[0]))] : [("inputs", .array(job.inputs.map { .string($0) }))]
    bar?.clear()
    switch result {
    case .success(let outcome):
      members += ConversionRun.members(output, outcome)
      warn(of: job.inputs.count == 1 ? job.inputs[0] : output, outcome)
      if call["--json"] == nil { tell(ConversionRun.line(HiddenText.escaping(output), outcome)) }
    case .failure(let error):
      let failure = error as? ConversionFailure
      let message = failure?.message ?? "\(error)"
      members += [("error", .string(failure?.code.rawValue ?? "file")), ("message", .string(message))]
      let subject = job.inputs.count == 1 ? job.inputs[0] : job.output
      // What the system refuses it names itself.
      let isNamed = (error as? SystemFailure)?.subject == subject
      call.console.error("wonder convert: \(isNamed ? "" : "\(HiddenText.escaping(subject)): ")\(message)")
    }
    bar?.finish(index)
    state.withLock { state in
      state.results[index, default: []].append(.object(members))
      if case .success = result { state.done += 1 } else { state.failed += 1 }
    }
  }

  /// The same as members of a JSON object.
  static func members(_ output: String, _ outcome: ConversionOutcome) -> [(name: String, value: JSONValue)] {
    let warnings = outcome.warnings.map { JSONValue.string($0.rawValue) }
    return [
      ("output", .string(output)), ("width", outcome.width.map { .integer(Int64($0)) } ?? .null),
      ("height", outcome.height.map { .integer(Int64($0)) } ?? .null), ("size", .integer(outcome.size)),
      ("sha256", .string(Hexadecimal.encode(outcome.sha256))),
    ] + (warnings.isEmpty ? [] : [("warnings", .array(warnings))])
  }

  private func warn(of subject: String, _ outcome: ConversionOutcome) {
    let subject = HiddenText.escaping(subject)
    for warning in outcome.warnings { call.console.error("wonder convert: \(subject): warning: \(warning.sentence)") }
  }

  /// What is said of a file that was made.
  static func line(_ output: String, _ outcome: ConversionOutcome) -> String {
    guard let width = outcome.width, let height = outcome.height else { return "\(output): \(outcome.size) bytes" }
    return "\(output): \(width) x \(height), \(outcome.size) bytes"
  }
}
