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
  private let bench: Benches
  private let call: Invocation
  private let bar: FileProgress?
  private let state = Mutex(State())

  init(_ order: ConversionOrder, _ bench: Benches, _ call: Invocation) {
    self.order = order
    self.bench = bench
    self.call = call
    bar = call.console.isTerminal ? FileProgress(count: order.jobs.count) : nil
  }

  var hasFailed: Bool { state.withLock { $0.failed > 0 } }

  /// Takes one file after the other until none is left.
  func work() {
    while let index = take() {
      let job = order.jobs[index]
      do {
        for (output, outcome) in try convert(index, job) { report(index, job, output, .success(outcome)) }
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

  /// What was made, with its name.
  private func convert(_ index: Int, _ job: ConversionOrder.Job) throws -> [(
    output: String, outcome: ConversionOutcome
  )] {
    var opened: [Int32] = []
    defer { for file in opened { close(file) } }
    func read(_ path: String) throws -> Int32 {
      let file = try InputFile.openPage(path)
      opened.append(file)
      return file
    }
    var conversion = order.conversion(of: job)
    let isTold = conversion.from != nil
    var kinds: [Format?] = []
    let sources = try job.inputs.map { path in
      let file = try read(path)
      // What goes into an archive with others goes as it is, whatever it is.
      let isPacked = job.inputs.count > 1 && Format.packs.contains(conversion.to)
      kinds.append(isTold || isPacked ? conversion.from : try sniff(file, path, job, conversion.to))
      return file
    }
    // A text is what its name says where it may be several things.
    if job.inputs.count == 1 { conversion.from = kinds[0] }
    let overlay = try order.watermark.map(read)
    let isLarge = try isLarge(sources)
    let target = try OutputFile(job.output)
    defer { target.end() }
    let isInto = conversion.to == .files
    let run = StepRun(
      bench: bench, overlay: overlay, target: target.descriptor, timeLimit: call.settings.span(.conversionTime),
      isWide: order.jobs.count == 1 && sources.count == 1 && isLarge, owner: isLarge ? nil : ConversionRun.user)
    let progress: (Int) -> Void = { [bar] in bar?.show(index, percent: $0) }
    let paths = try kinds.map { kind in
      var one = conversion
      one.from = kind
      guard let path = order.machine.steps(of: one) else {
        throw ConversionFailure(.unsupportedConversion, "this conversion is not possible with these options")
      }
      return path
    }
    let made =
      try paths.count > 1 || paths[0].last?.gathers ?? false
      ? run.gather(paths, conversion, sources.map { ($0, 0) }, by: order.machine.now, progress)
      : run.follow(
        paths[0], conversion, sources[0], bytes: 0,
        otherwise: { [machine = order.machine] in machine.now.way(instead: paths[0], of: conversion) }, progress)
    defer { made.forEach(run.drop) }
    if made.count == 1, !isInto || OutputFile.isStandard(job.output), made[0].descriptor == target.descriptor {
      try target.finish()
      return [(job.output, made[0].outcome)]
    }
    return try made.map { piece in
      let name =
        try piece.part.map { try place(of: $0, in: job) }
        ?? (made.count == 1 ? job.output : ConversionRun.labelled(job.output, piece.label ?? ""))
      let target = try OutputFile(name)
      defer { target.end() }
      lseek(piece.descriptor, 0, SEEK_SET)
      try AnonymousFile.copy(piece.descriptor, to: target.descriptor, named: name)
      try target.finish()
      return (name, piece.outcome)
    }
  }

  /// Where a file goes that was in another one: below the output's folder with its own folders, and below one named after
  /// the input where there are several.
  private func place(of part: FilePart, in job: ConversionOrder.Job) throws -> String {
    let end = job.output.lastIndex(of: "/")
    var path = end.map { String(job.output[..<$0]) } ?? "."
    var names = part.name?.split(separator: "/").map(String.init) ?? []
    let input = job.inputs[0].split(separator: "/").last.map(String.init) ?? ""
    if names.isEmpty { names = [FileNames.part(nil, of: FileNames.clean(input), as: part.format)] }
    if order.jobs.count > 1 {
      let own = end.map { job.output[job.output.index(after: $0)...] } ?? job.output[...]
      names.insert(String(own.prefix(upTo: own.lastIndex(of: ".") ?? own.endIndex)), at: 0)
    }
    for name in names.dropLast() {
      path += "/" + name
      guard mkdir(SystemText.cString(path), 0o777) == 0 || errno == EEXIST else { throw SystemFailure("mkdir", path) }
    }
    return path + "/" + (names.last ?? "")
  }

  /// A name with what tells it from the others before its ending.
  private static func labelled(_ path: String, _ label: String) -> String {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[start...].lastIndex(of: "."), dot > start else { return "\(path)-\(label)" }
    return path[..<dot] + "-\(label)" + path[dot...]
  }

  /// All files of a call are of the user who made it.
  private static let user: Int64 = 0

  /// True for what a server would count as large.
  private func isLarge(_ sources: [Int32]) throws -> Bool {
    var bytes: Int64 = 0
    for source in sources {
      var facts = stat()
      try check("fstat", "input") { fstat(source, &facts) }
      bytes += Int64(facts.st_size)
    }
    return bytes >= Queue.smallBytes
  }

  /// What the file is taken for; throws when that cannot become the target, with what could be done instead.
  private func sniff(_ source: Int32, _ path: String, _ job: ConversionOrder.Job, _ target: Format) throws -> Format? {
    let type = try Sniffer.type(ofFile: source)
    let options = order.conversion.options
    let builtIn = Catalogue.standard.source(type, named: path, to: target, options: options)
    if Catalogue.standard.formats(from: builtIn).contains(target) { return builtIn }
    let catalogue = order.machine.now
    let source = catalogue.source(type, named: path, to: target, options: options)
    guard !catalogue.formats(from: source).contains(target) else { return source }
    let which = job.inputs.count > 1 ? "\(HiddenText.escaping(path)): " : ""
    func names(_ formats: [Format]) -> String { formats.map(\.name).joined(separator: ", ") }
    guard let format = source, catalogue.sources.contains(format) else {
      throw UsageFailure("\(which)the file is \(type.description); readable: \(names(catalogue.sources))")
    }
    let offered = names(catalogue.formats(from: format))
    throw UsageFailure("\(which)\(format.name) cannot become \(target.name); the formats are \(offered)")
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
      members += [
        ("output", .string(output)), ("width", outcome.width.map { .integer(Int64($0)) } ?? .null),
        ("height", outcome.height.map { .integer(Int64($0)) } ?? .null), ("size", .integer(outcome.size)),
        ("sha256", .string(Hexadecimal.encode(outcome.sha256))),
      ]
      if !outcome.warnings.isEmpty {
        members.append(("warnings", .array(outcome.warnings.map { .string($0.rawValue) })))
      }
      warn(of: job.inputs.count == 1 ? job.inputs[0] : output, outcome)
      if call["--json"] == nil { tell(ConversionRun.line(HiddenText.escaping(output), outcome)) }
    case .failure(let error):
      let failure = error as? ConversionFailure
      let message = failure?.message ?? "\(error)"
      members += [("error", .string(failure?.code.rawValue ?? "file")), ("message", .string(message))]
      let subject = job.inputs.count == 1 ? job.inputs[0] : job.output
      call.console.error("wonder convert: \(HiddenText.escaping(subject)): \(message)")
    }
    bar?.finish(index)
    state.withLock { state in
      state.results[index, default: []].append(.object(members))
      if case .success = result { state.done += 1 } else { state.failed += 1 }
    }
  }

  private func warn(of subject: String, _ outcome: ConversionOutcome) {
    let subject = HiddenText.escaping(subject)
    for warning in outcome.warnings { call.console.error("wonder convert: \(subject): warning: \(warning.sentence)") }
  }

  private static func line(_ output: String, _ outcome: ConversionOutcome) -> String {
    guard let width = outcome.width, let height = outcome.height else { return "\(output): \(outcome.size) bytes" }
    return "\(output): \(width) x \(height), \(outcome.size) bytes"
  }
}
