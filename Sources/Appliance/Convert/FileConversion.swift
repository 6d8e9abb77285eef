import Basics
import Conversion
import Engine
import Formats
import Glibc
import Storage

/// Makes the outputs of the jobs of an order, one at a time.
struct FileConversion: Sendable {
  typealias Made = (output: String, outcome: ConversionOutcome)

  let order: ConversionOrder
  let bench: Benches
  let timeLimit: Duration
  /// What no output may replace.
  private let spared: Set<FileIdentity>
  private let names: OutputNames
  /// Opens what a job names, so that it can be read at any place.
  private let open: @Sendable (String) throws -> Int32

  init(
    order: ConversionOrder, bench: Benches, timeLimit: Duration, spared: Set<FileIdentity> = [],
    open: @escaping @Sendable (String) throws -> Int32 = { try InputFile.openPage($0) }
  ) {
    self.order = order
    self.bench = bench
    self.timeLimit = timeLimit
    self.spared = spared
    self.open = open
    names = OutputNames(order.jobs.map(\.output))
  }

  /// What was made, with its name; throws `ConversionFailure`, `SystemFailure`, and `UsageFailure` for what cannot become that.
  func make(_ job: ConversionOrder.Job, _ progress: @escaping (Int) -> Void) throws -> [Made] {
    var opened: [Int32] = []
    defer { for file in opened { close(file) } }
    func read(_ path: String) throws -> Int32 {
      let file = try open(path)
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
    let target = try OutputFile(job.output, sparing: spared)
    defer { target.end() }
    let isInto = conversion.to == .files
    let run = StepRun(
      bench: bench, overlay: overlay, target: target.descriptor, timeLimit: timeLimit,
      isWide: order.jobs.count == 1 && sources.count == 1 && isLarge, owner: isLarge ? nil : FileConversion.user)
    let paths = try kinds.map { kind in
      var one = conversion
      one.from = kind
      if !isTold { try ConversionOrder.check(one, kinds.count, hasOverlay: overlay != nil, order.machine) }
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
        ?? (made.count == 1
          ? job.output
          : names.take { number in
            FileConversion.labelled(job.output, (piece.label ?? "") + (number.map { "-\($0)" } ?? ""))
          })
      let target = try OutputFile(name, sparing: spared)
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
    // What its name says may become the target by a program of others, and goes before what it may be, too.
    if builtIn == type.best(named: path), Catalogue.standard.formats(from: builtIn).contains(target) { return builtIn }
    let catalogue = order.machine.now
    let source = catalogue.source(type, named: path, to: target, options: options)
    guard !catalogue.formats(from: source).contains(target) else { return source }
    let which = job.inputs.count > 1 ? "\(HiddenText.escaping(path)): " : ""
    func names(_ formats: [Format]) -> String { formats.map(\.name).joined(separator: ", ") }
    guard let format = source, catalogue.sources.contains(format) else {
      throw UsageFailure("\(which)the file is \(type.description); readable: \(names(catalogue.sources))")
    }
    let offered = names(catalogue.formats(from: format))
    if target == .files {
      throw UsageFailure("\(which)\(format.name) has no files in it; --to FORMAT makes one for a folder: \(offered)")
    }
    throw UsageFailure("\(which)\(format.name) cannot become \(target.name); the formats are \(offered)")
  }
}
