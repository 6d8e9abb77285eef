import Basics
import Engine
import HTTP
import Storage

/// Reads the form of a file; after this no word of the dialect is left.
enum EnconvertRequests {
  private static let longestValue = 255
  private static let sides = 1...10_000
  private static let kilobytes = 1...1_000_000

  static func submission(
    _ conversion: EnconvertConversion, _ form: UploadForm, _ parts: DialectParts, _ holder: KeyHolder
  ) throws -> (Submission, wantsBytes: Bool) {
    var wrong = WrongFields()
    let files = form.files.filter { $0.fieldName == "file" }
    if files.count != 1 { wrong.append("file", files.isEmpty ? "is required" : "must come once") }
    if let file = files.first, file.size == 0 {
      throw EnconvertRefusals.wrong("\(FileNames.clean(file.fileName)) is empty")
    }
    for name in ["job_id", "output_filename"] where form.fields.text(name)?.utf8.count ?? 0 > longestValue {
      wrong.append(name, "is longer than \(longestValue) bytes")
    }
    let wantsBytes = flag(form.fields.text("direct_download"), "direct_download", &wrong)
    var options = conversion.options
    if let text = form.fields.text("pdf_options") {
      guard let value = try? JSONReader.parse(Array(text.utf8), from: .client) else {
        throw Refusal.invalidFields.naming([.init("pdf_options", "must be a JSON object")])
      }
      options.merge(EnconvertPaper.read(value, conversion.paper, &wrong)) { $1 }
    }
    if conversion.takesSize {
      for name in ["width", "height"] { read(name, in: form, sides, &options[name], &wrong) }
      if options["width"] != nil && options["height"] != nil { options["fit"] = "fill" }
    }
    guard wrong.isEmpty, let file = files.first else { throw Refusal.invalidFields.naming(wrong) }
    let from = try conversion.format(of: file.fileName)
    if conversion.target == nil {
      try compress(form, from, &options, &wrong)
      guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    }
    let stem = EnconvertNames.stem(ofFile: form.fields.text("output_filename") ?? file.fileName)
    let ending = String(FileNames.split(file.fileName).ending)
    let name = EnconvertNames.source(stem, ending: ending, at: parts.jobs.now)
    var submission = Submission(
      dialect: Enconvert.name, fields: form.fields + [("conversion", conversion.name)], route: Enconvert.route,
      conversionType: nil, from: from, to: conversion.target ?? from, options: options,
      sources: [file.source(named: name)], mostBytes: parts.largestFile(holder),
      idempotencyKey: form.fields.text("job_id"))
    submission.waitsForEnd = true
    submission.extras = conversion.packsSeveral ? [.namesPages, .packsParts] : .namesPages
    return (submission, wantsBytes)
  }

  /// A picture that stays what it is and has fewer bytes: those that are asked for, which only a JPEG can be brought to.
  private static func compress(
    _ form: UploadForm, _ format: String?, _ options: inout [String: String], _ wrong: inout WrongFields
  ) throws(Refusal) {
    var size: String?
    read("target_size_kb", in: form, kilobytes, &size, &wrong)
    switch (format, size) {
    case ("jpeg", let size?): options["target_size"] = String((Int(size) ?? 1) * 1024)
    case (_, _?): throw EnconvertRefusals.wrong("target_size_kb is possible for JPEG only; PNG and WebP take none")
    case ("png", nil): options["compression"] = "9"
    case (_, nil): options["quality"] = "75"
    }
  }

  private static func read(
    _ name: String, in form: UploadForm, _ range: ClosedRange<Int>, _ value: inout String?, _ wrong: inout WrongFields
  ) {
    guard let text = form.fields.text(name) else { return }
    guard let number = Int(text), range.contains(number) else {
      return wrong.append(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    value = String(number)
  }

  private static func flag(_ text: String?, _ name: String, _ wrong: inout WrongFields) -> Bool {
    switch text?.lowercased() {
    case nil, "false", "0", "no", "off": return false
    case "true", "1", "yes", "on": return true
    default:
      wrong.append(name, "must be true or false")
      return false
    }
  }
}
