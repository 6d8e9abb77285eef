import Basics
import Conversion
import Formats
import Storage

/// What a task of a submission comes down to when all its fields are right.
struct Wish: Sendable {
  /// Nil for whatever the files are.
  let from: Format?
  let to: Format
  /// The target as the client called it.
  let target: String
  let options: ConversionOptions
  let conversionType: String
  /// The numbers of its sources, from 0; nil for all of them.
  var files: [Int]?

  /// What says that the files may be of any format.
  static let anyFormat = "auto"

  /// How the job names the format of its files, until they tell.
  func sourceName(_ submission: Submission) -> String {
    from == nil || submission.takesAnything ? Wish.anyFormat : submission.from ?? Wish.anyFormat
  }

  /// Stands for a job whose files become its outputs as they are; throws `Refusal.invalidFields` without a file.
  static func copying(_ submission: Submission) throws(Refusal) -> Wish {
    guard !submission.sources.isEmpty else {
      throw Refusal.invalidFields.naming([.init(.files, "at least one file is required")])
    }
    return Wish(
      from: nil, to: .files, target: Format.files.name, options: ConversionOptions(),
      conversionType: Format.files.category.rawValue)
  }

  /// True when it is over the source with this number.
  func isOver(_ number: Int) -> Bool { files?.contains(number) ?? true }
}

extension Wish {
  /// Collects everything that is wrong, so that a client can mend it at once; throws a `Refusal`.
  ///
  /// `preset` is the one that the task names.
  init(_ submission: Submission, _ task: Submission.Task, _ preset: Preset?, _ catalogue: Catalogue) throws {
    let from = try Wish.formats(submission, task, preset, catalogue)
    (self.from, to) = (from.source, from.target)
    target = task.to ?? to.name
    conversionType = try Wish.type(task, from.source, from.target)
    options = try Wish.options(task, preset, from.source, from.target, catalogue)
    files = task.files
    let conversion = Conversion(from: from.source, to: to, options: options)
    guard submission.starts else {
      // What is not there yet is looked at when the job is started.
      let isUnderstood = catalogue.steps(of: conversion) != nil
      if !isUnderstood, let (option, text) = catalogue.problem(conversion, sources: 1, hasOverlay: false) {
        throw Refusal.invalidFields.naming([.init(option.map { .option($0) } ?? .target, text)])
      }
      return
    }
    if let files, files.isEmpty || !files.allSatisfy(submission.sources.indices.contains) {
      throw Refusal.invalidFields.naming([.init(.files, "a task names files that are not there")])
    }
    let isBatch = submission.batch != nil
    let hasOverlay = submission.overlay != nil
    if let (option, text) = catalogue.problem(
      conversion,
      // An archive is packed here, file by file, so that there may be as many as in any other request.
      sources: isBatch || to == .zip ? 1 : files?.count ?? submission.sources.count, hasOverlay: hasOverlay)
    {
      throw Refusal.invalidFields.naming([.init(option.map { .option($0) } ?? .files, text)])
    }
    if isBatch && hasOverlay {
      throw Refusal.invalidFields.naming([.init(.overlay, "a batch takes none; send jobs of their own")])
    }
  }

  private static func formats(
    _ submission: Submission, _ task: Submission.Task, _ preset: Preset?, _ catalogue: Catalogue
  ) throws -> (source: Format?, target: Format) {
    var wrong: [Refusal.Field] = []
    let said = submission.takesAnything ? task.from : submission.from
    let isAny = said == nil
    let from = said.flatMap(Format.named)
    if !isAny, from.map({ catalogue.formats(from: $0).isEmpty }) ?? true {
      let names = catalogue.sources.map(\.name).joined(separator: ", ")
      let text = said ?? ""
      wrong.append(
        .init(.source, "\"\(text)\" cannot be read here; the formats are \(names), and \(anyFormat) for any"))
    }
    let wanted = task.to ?? preset?.targetFormat ?? ""
    let to = Format.named(wanted)
    let targets = isAny ? catalogue.targets : from.map(catalogue.formats) ?? []
    if !targets.isEmpty, to.map({ !targets.contains($0) }) ?? true {
      let offered = targets.map(\.name).joined(separator: ", ")
      let source = from.map { "cannot be made of \($0.name)" } ?? "cannot be made here"
      let missing = to.flatMap { catalogue.absent(from: from, to: $0) }.map { "; it would be by \($0.words)" }
      wrong.append(.init(.target, "\"\(wanted)\" \(source); the formats are \(offered)\(missing ?? "")"))
    }
    let isPair = wrong.isEmpty == false
    let lacksFiles = submission.starts && submission.sources.isEmpty
    if lacksFiles { wrong.append(.init(.files, "at least one file is required")) }
    guard wrong.isEmpty, let to else {
      throw (isPair && !lacksFiles ? Refusal.unsupportedConversion : .invalidFields).naming(wrong)
    }
    return (from, to)
  }

  private static func type(_ task: Submission.Task, _ from: Format?, _ to: Format) throws -> String {
    guard let type = task.conversionType else { return (from ?? to).category.rawValue }
    let types = Format.Category.allCases.map(\.rawValue)
    // Without a source any of them may be the one that its file turns out to have.
    let fitting = from.map { types.filter([$0.category.rawValue, to.category.rawValue].contains) } ?? types
    if fitting.contains(type) { return type }
    let pair = from.map { "\($0.name) to \(to.name)" } ?? to.name
    let problem = "\"\(type)\" does not fit \(pair); valid: \(fitting.joined(separator: ", "))"
    throw Refusal.invalidFields.naming([.init(.type, problem)])
  }

  private static func options(
    _ task: Submission.Task, _ preset: Preset?, _ from: Format?, _ to: Format, _ catalogue: Catalogue
  ) throws -> ConversionOptions {
    var texts: [String: String] = [:]
    if let preset {
      let known = catalogue.understood(from: from, to: to)
      for (name, value) in try JSONReader.parse(preset.options.utf8).members ?? [] {
        // A preset is made for its own target; what another one does not know is not asked of it.
        if known.contains(name) { texts[name] = value.string ?? value.text }
      }
    }
    texts.merge(task.options) { $1 }
    do {
      return try ConversionOptions(texts, among: catalogue.options)
    } catch let failure {
      throw Refusal.invalidFields.naming([
        .init(.option(failure.option), "\(failure.problem); valid: \(failure.validValues)")
      ])
    }
  }
}
