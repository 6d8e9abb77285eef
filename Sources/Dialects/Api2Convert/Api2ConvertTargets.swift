import Basics
import Engine
import Storage

/// The vendor's operations, which are targets of a category of their own, as conversions of ours.
enum Api2ConvertTargets {
  /// An operation: its category and name, what it is here, and the options that it has.
  struct Operation: Sendable {
    let category: String
    let name: String
    /// Nil for the format of the file itself.
    let target: String?
    let fixed: [String: String]
    /// Their names in the vendor's words.
    let options: [String]

    init(_ category: String, _ name: String, _ target: String?, _ fixed: [String: String] = [:], _ options: [String]) {
      self.category = category
      self.name = name
      self.target = target
      self.fixed = fixed
      self.options = options
    }
  }

  static let operations = [
    Operation(
      "operation", "thumbnail", "png", [:],
      ["thumbnail_target", "width", "height", "dpi", "pages", "interlace"]),
    Operation("operation", "compress", nil, [:], ["compression_level"]),
    Operation("operation", "resize-image", nil, [:], ["width", "height", "resize_by", "resize_handling"]),
    Operation("operation", "extract-assets", "files", [:], ["allow_multiple_outputs"]),
    Operation("operation", "compare-image", "json", ["compare": "true"], ["method", "threshold", "diff_color"]),
    Operation("metadata", "json", "json", [:], ["keys_format", "output_mode"]),
  ]

  /// What "compression_level" is by the format of the file; the levels from the one that keeps most.
  private static let levels = ["low", "medium", "high", "maximum"]
  private static let compression: [String: (option: String, values: [String])] = [
    "jpeg": ("quality", ["85", "75", "60", "40"]), "webp": ("quality", ["85", "75", "60", "40"]),
    "heic": ("quality", ["85", "75", "60", "40"]), "avif": ("quality", ["85", "75", "60", "40"]),
    "png": ("compression", ["6", "8", "9", "9"]), "pdf": ("compress", ["prepress", "printer", "ebook", "screen"]),
  ]

  /// The options that are one of some words.
  private static let words: [String: [String]] = [
    "thumbnail_target": ["png", "jpg"], "compression_level": levels, "resize_by": ["px"],
    "method": ["ae", "mae", "ncc", "psnr", "rmse", "ssim"], "output_mode": ["basic", "expert"],
  ]

  /// Where a stamp may be wished; it stands in the middle all the same, and a warning says so.
  private static let positions = [
    "top-left", "top-center", "top-right", "center-left", "center", "center-right", "bottom-left", "bottom-center",
    "bottom-right",
  ]

  /// True when a stamp was wished elsewhere than it stands.
  static func stampsElsewhere(_ conversion: Api2ConvertData.Conversion) -> Bool {
    stamps(conversion) && conversion.options.contains { $0.name == "alignment" && $0.value.string != "center" }
  }

  static func operation(_ conversion: Api2ConvertData.Conversion) -> Operation? {
    operations.first {
      $0.name == conversion.target
        && ($0.category == conversion.category || conversion.category == nil && $0.category == "operation")
    }
  }

  /// What is made for a conversion of a file of this format; nil while that has to be known and is not.
  ///
  /// What is wrong is named.
  static func task(
    _ conversion: Api2ConvertData.Conversion, from source: String?, at place: String, _ wrong: inout WrongFields
  ) -> Submission.Task? {
    guard let operation = operation(conversion) else {
      let reading = Api2ConvertOptions.read(conversion.options, to: conversion.target, at: place, &wrong)
      var texts = reading.texts
      if reading.isStamp, let position = texts.removeValue(forKey: "watermark_position"),
        !positions.contains(position)
      {
        let valid = positions.joined(separator: ", ")
        wrong.append("\(place).options.alignment", "\"\(position)\" is not known; valid: \(valid)")
      }
      return Submission.Task(to: conversion.target, options: texts, preset: reading.preset)
    }
    guard let source = source ?? (operation.target == nil || operation.name == "extract-assets" ? nil : "") else {
      return nil
    }
    var given = conversion.options
    var own: [String: String] = [:]
    func take(_ name: String) -> String? {
      defer { given.removeAll { $0.name == name } }
      return given.first { $0.name == name }.flatMap { Api2ConvertOptions.text($0.value) }
    }
    func check(_ name: String) -> String? {
      guard let text = take(name), let valid = words[name] else { return nil }
      if !valid.contains(text) {
        wrong.append("\(place).options.\(name)", "\"\(text)\" is not known; valid: \(valid.joined(separator: ", "))")
      }
      return text
    }
    var target = operation.target ?? source
    switch operation.name {
    case "thumbnail":
      target = check("thumbnail_target") ?? target
      let pages = take("pages") ?? "first"
      if source == "pdf" {
        own["pages"] = pages == "first" ? "1" : pages.replacing("last", with: "z")
      } else {
        own["never_enlarge"] = "true"
      }
      if !given.contains(where: { ["width", "height"].contains($0.name) }) { own["width"] = "300" }
    case "compress":
      let level = check("compression_level") ?? "medium"
      if let (option, values) = compression[source], let index = levels.firstIndex(of: level) {
        own[option] = values[index]
      }
    case "resize-image":
      _ = check("resize_by")
    case "extract-assets":
      if source == "pdf" { (target, own["extract_images"]) = ("png", "true") }
    case "compare-image":
      // All measures are told, whichever is asked for.
      _ = check("method")
      if let threshold = take("threshold"), !(0...100).contains(Int(threshold) ?? -1) {
        wrong.append("\(place).options.threshold", "must be a whole number from 0 to 100")
      }
      if take("diff_color") != nil { target = "png" }
    default:
      _ = take("keys_format")
      if check("output_mode") == "expert" { own["all_metadata"] = "true" }
    }
    let known = operation.options + ["preset", "download_password", "allow_multiple_outputs"]
    if operation.name != "compress" {
      for (name, _) in given where !known.contains(name) {
        wrong.append("\(place).options.\(name)", "is not known; valid: \(known.joined(separator: ", "))")
      }
    }
    let reading = Api2ConvertOptions.read(given, to: target, at: place, &wrong)
    let options = operation.fixed.merging(own) { $1 }.merging(reading.texts) { $1 }
    return Submission.Task(to: target, options: options, preset: reading.preset)
  }

  /// What an input is, as far as its row or its name tells.
  static func format(_ input: Input, of job: Job) -> String? {
    input.format ?? (job.sourceFormat == "auto" ? nil : job.sourceFormat) ?? ending(input.fileName)
  }

  /// The format that a file's name ends with.
  static func ending(_ name: String) -> String? {
    let ending = FileNames.split(name).ending.dropFirst().lowercased()
    return ending == "jpg" || ending == "jpe" ? "jpeg" : ending.isEmpty ? nil : ending
  }

  /// True when a picture is to be put onto the pages.
  static func stamps(_ conversion: Api2ConvertData.Conversion) -> Bool {
    conversion.options.contains { $0.name == "stamp" && Api2ConvertOptions.text($0.value) == "true" }
  }
}

extension Api2ConvertTargets {
  /// An option of operations as the catalogue shows it; nil for one that is an option of ours.
  static func schema(_ name: String) -> (name: String, value: JSONValue)? {
    let texts = [
      "pages": "first, or pages and ranges such as 1-last", "threshold": "from 0 to 100; all measures are told",
      "diff_color": "asks for the difference as a picture", "keys_format": "names are as they are in the file",
    ]
    guard words[name] != nil || texts[name] != nil else { return nil }
    var members: [(name: String, value: JSONValue)] = [("type", .string("string"))]
    if let words = words[name] { members.append(("enum", .array(words.map { .string($0) }))) }
    members.append(("description", .string(texts[name] ?? "one of these words")))
    return (name, .object(members))
  }
}
