import Basics
import Conversion
import Engine
import Formats
import Glibc

/// What `wonder convert` was asked for: which files become which, and with which options.
struct ConversionOrder: Sendable {
  struct Job: Sendable {
    /// More than one only where they become one output together.
    let inputs: [String]
    let output: String
  }

  let jobs: [Job]
  /// What is done for each job.
  let conversion: Conversion
  let watermark: String?
  let machine: MachineCatalogue

  /// One file that becomes another.
  init(_ input: String, to output: String, _ conversion: Conversion, _ machine: MachineCatalogue) {
    jobs = [Job(inputs: [input], output: output)]
    self.conversion = conversion
    self.machine = machine
    watermark = nil
  }

  init(_ call: Invocation) throws {
    let machine = try MachineCatalogue(call.settings)
    self.machine = machine
    let source = try call["--from"].map { name in
      guard let format = Format.named(name) else {
        throw UsageFailure("--from \(name) is no format\(ConversionOrder.choice(name, Format.all))")
      }
      return format
    }
    let options = try ConversionOrder.options(call)
    let target = try call["--to"].map { name in try ConversionOrder.target(name, "--to \(name)", machine) }
    watermark = call["--watermark"]
    let named = ["-o", "--output-dir", "--watermark"].compactMap { call[$0] }
    guard !(call.operands + named).contains("") else { throw UsageFailure("the name of a file is empty") }
    let output = call["-o"] ?? (call.operands.count > 1 ? call.operands.last : nil)
    // A folder as OUT takes what IN becomes, and without a target the files that are in IN.
    let isInto = call["--output-dir"] == nil && output.map(ConversionOrder.isFolder) ?? false
    guard let folder = isInto ? output.map(ConversionOrder.withoutSlash) : call["--output-dir"] else {
      guard let output else { throw UsageFailure("IN and OUT are needed") }
      let inputs = (call["-o"] == nil ? call.operands.dropLast() : call.operands[...]).flatMap(ConversionOrder.expand)
      let several = UsageFailure("--output-dir is needed for several inputs, or --set merge=true for one pdf of them")
      let ending = target == nil ? ConversionOrder.ending(of: output) : ""
      if target == nil, inputs.count > 1, Format.named(ending) == nil { throw several }
      if target == nil, ending.isEmpty {
        throw UsageFailure("\(output) has no ending that says a format, and there is no --to FORMAT")
      }
      conversion = Conversion(
        from: source, to: try target ?? ConversionOrder.target(ending, "\"\(ending)\"", machine), options: options)
      try ConversionOrder.check(conversion, inputs, hasOverlay: watermark != nil, machine)
      guard ConversionOrder.gathers(conversion, machine) || inputs.count == 1 else { throw several }
      jobs = [Job(inputs: inputs, output: output)]
      return
    }
    guard let target = target ?? (isInto ? .files : nil) else { throw UsageFailure("--output-dir needs --to FORMAT") }
    conversion = Conversion(from: source, to: target, options: options)
    guard !ConversionOrder.gathers(conversion, machine) else {
      throw UsageFailure("one output is made of all inputs; name it with -o FILE")
    }
    let operands = isInto && call["-o"] == nil ? call.operands.dropLast() : call.operands[...]
    let inputs = operands.flatMap(ConversionOrder.expand)
    let names = FileNames.numbered(inputs.map { FileNames.output(for: ConversionOrder.label($0), as: target) })
    jobs = zip(inputs, names).map { Job(inputs: [$0], output: "\(folder)/\($1)") }
    try ConversionOrder.check(conversion, inputs, hasOverlay: watermark != nil, machine)
    mkdir(SystemText.cString(folder), 0o777)
  }

  private static func withoutSlash(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// True for a name that ends with "/", and for that of a folder that is there.
  private static func isFolder(_ path: String) -> Bool {
    var facts = stat()
    return path.hasSuffix("/") || stat(SystemText.cString(path), &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
  }

  /// The conversion of one job, with the names that an archive gives its inputs.
  func conversion(of job: Job) -> Conversion {
    var conversion = conversion
    if Format.packs.contains(conversion.to) {
      conversion.names = FileNames.numbered(job.inputs.map { ConversionOrder.label(SystemText.repaired($0)) })
    }
    return conversion
  }

  /// Throws `UsageFailure` for options that the conversion does not take.
  static func check(
    _ conversion: Conversion, _ count: Int, hasOverlay: Bool, _ machine: MachineCatalogue
  ) throws {
    guard Catalogue.standard.problem(conversion, sources: count, hasOverlay: hasOverlay) != nil else { return }
    if let problem = machine.now.problem(conversion, sources: count, hasOverlay: hasOverlay) {
      throw UsageFailure(problem.option.map { "\($0): \(problem.text)" } ?? problem.text)
    }
  }

  /// The same for inputs that are there.
  ///
  /// Of what no single call understands the formats of the inputs decide, as far as they can be known yet.
  private static func check(
    _ conversion: Conversion, _ inputs: [String], hasOverlay: Bool, _ machine: MachineCatalogue
  ) throws {
    do { try check(conversion, inputs.count, hasOverlay: hasOverlay, machine) } catch {
      guard conversion.from == nil else { throw error }
      var told = conversion
      var isKnown = false
      for path in inputs {
        told.from = source(path, conversion, machine)
        guard told.from != nil else { continue }
        isKnown = true
        try check(told, inputs.count, hasOverlay: hasOverlay, machine)
      }
      // Of files that are not there nothing more will be known, and a pipe tells later what it brings.
      guard isKnown || inputs.contains(where: { comesLater($0) }) else { throw error }
    }
  }

  private static func comesLater(_ path: String) -> Bool {
    var facts = stat()
    return path == "-" || stat(SystemText.cString(path), &facts) == 0 && facts.st_mode & S_IFMT != S_IFREG
  }

  /// What a file is taken for; nil for one that is not there or cannot be read twice.
  private static func source(_ path: String, _ conversion: Conversion, _ machine: MachineCatalogue) -> Format? {
    var facts = stat()
    guard stat(SystemText.cString(path), &facts) == 0, facts.st_mode & S_IFMT == S_IFREG,
      let file = try? InputFile.open(path)
    else { return nil }
    defer { close(file) }
    return (try? Sniffer.type(ofFile: file)).flatMap {
      machine.now.source($0, named: path, to: conversion.to, options: conversion.options)
    }
  }

  private static func gathers(_ conversion: Conversion, _ machine: MachineCatalogue) -> Bool {
    machine.steps(of: conversion)?.contains(where: \.gathers) ?? false
  }

  private static func label(_ path: String) -> String {
    if PageAddress.isOne(path) { return FileNames.page(at: path) }
    return FileNames.clean(path.split(separator: "/").last.map(String.init) ?? path)
  }

  private static func ending(of output: String) -> String {
    let name = output.split(separator: "/").last ?? ""
    if name.lowercased().hasSuffix(".tar.gz") { return "tgz" }
    return name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? ""
  }

  /// The format that can be made on this machine; throws `UsageFailure` that begins with `shown`.
  static func target(_ name: String, _ shown: String, _ machine: MachineCatalogue) throws -> Format {
    if let format = Format.named(name), Catalogue.standard.targets.contains(format) { return format }
    let formats = machine.now.targets
    guard let format = Format.named(name), formats.contains(format) else {
      throw UsageFailure("\(shown) cannot be made\(choice(name, formats))")
    }
    return format
  }

  /// What follows a name that is none of the formats: which one may have been meant, and which there are.
  static func choice(_ name: String, _ formats: [Format]) -> String {
    Spelling.hint(name, among: formats.flatMap { [$0.name] + $0.aliases })
      + "; the formats are \(formats.map(\.name).joined(separator: ", "))"
  }

  private static func options(_ call: Invocation) throws -> ConversionOptions {
    let texts = try settings(call)
    do {
      return try ConversionOptions(texts)
    } catch let failure {
      throw UsageFailure("\(failure)")
    }
  }

  /// The options as a call gives them, by their names.
  static func settings(_ call: Invocation) throws -> [String: String] {
    var texts: [String: String] = [:]
    for name in ["quality", "background", "fit"] { texts[name] = call["--\(name)"] }
    if let size = call["--resize"] {
      let sides = size.split(separator: "x", omittingEmptySubsequences: false).map(String.init)
      guard sides.count <= 2, !sides.joined().isEmpty, sides.joined().allSatisfy(\.isNumber) else {
        throw UsageFailure("--resize \(size): it must be WxH, Wx or xH")
      }
      if !sides[0].isEmpty { texts["width"] = sides[0] }
      if sides.count == 2, !sides[1].isEmpty { texts["height"] = sides[1] }
    }
    for text in call.repeated["--set"] ?? [] {
      guard let equals = text.firstIndex(of: "=") else { throw UsageFailure("--set \(text): it must be OPTION=VALUE") }
      texts[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    return texts
  }

  /// The files of a pattern that no shell has expanded; anything else is a name as it stands.
  private static func expand(_ operand: String) -> [String] {
    guard !PageAddress.isOne(operand), access(SystemText.cString(operand), F_OK) != 0,
      operand.contains(where: { "*?[".contains($0) })
    else {
      return [operand]
    }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(SystemText.cString(operand), 0, nil, &found) == 0, let paths = found.gl_pathv else { return [operand] }
    return (0..<Int(found.gl_pathc)).compactMap { paths[$0].map { SystemText.text($0) } }
  }
}
