import Basics
import Conversion
import Engine
import Glibc

/// What `wonder convert` was asked for: which file becomes which, and with which options.
struct ConversionOrder: Sendable {
  struct Pair: Sendable {
    let input: String
    let output: String
    let target: Format
  }

  let pairs: [Pair]
  let source: Format?
  let options: ConversionOptions

  init(_ call: Invocation) throws {
    options = try ConversionOrder.options(call)
    source = try call["--from"].map { name in
      guard let format = Format.named(name), Catalogue.standard.sources.contains(format) else {
        let names = Catalogue.standard.sources.map(\.name).joined(separator: ", ")
        throw UsageFailure("--from \(name): the formats are \(names)")
      }
      return format
    }
    let target = try call["--to"].map { name in try ConversionOrder.target(name, "--to \(name)") }
    guard let folder = call["--output-dir"] else {
      guard call.operands.count == 2 else {
        throw UsageFailure(
          call.operands.count < 2 ? "IN and OUT are needed" : "--output-dir is needed for several inputs")
      }
      let output = call.operands[1]
      let ending = output.split(separator: "/").last?.split(separator: ".").dropFirst().last.map(String.init) ?? ""
      pairs = [
        Pair(
          input: call.operands[0], output: output, target: try target ?? ConversionOrder.target(ending, "\"\(ending)\"")
        )
      ]
      return
    }
    guard let target else { throw UsageFailure("--output-dir needs --to FORMAT") }
    let inputs = call.operands.flatMap(ConversionOrder.expand)
    let names = FileNames.numbered(
      inputs.map { path in
        FileNames.output(
          for: FileNames.clean(path.split(separator: "/").last.map(String.init) ?? path),
          fileExtension: target.fileExtension)
      })
    pairs = zip(inputs, names).map { Pair(input: $0, output: "\(folder)/\($1)", target: target) }
    mkdir(folder, 0o777)
  }

  private static func target(_ name: String, _ shown: String) throws -> Format {
    let formats = Format.all.filter { format in Catalogue.standard.pairs.contains { $0.to == format } }
    guard let format = Format.named(name), formats.contains(format) else {
      throw UsageFailure("\(shown) cannot be made; the formats are \(formats.map(\.name).joined(separator: ", "))")
    }
    return format
  }

  private static func options(_ call: Invocation) throws -> ConversionOptions {
    var texts: [String: String] = [:]
    for name in ["quality", "background", "fit"] { texts[name] = call["--\(name)"] }
    if let size = call["--resize"] {
      let sides = size.split(separator: "x", omittingEmptySubsequences: false).map(String.init)
      guard sides.count <= 2, !sides.joined().isEmpty else {
        throw UsageFailure("--resize \(size): it must be WxH, Wx or xH")
      }
      if !sides[0].isEmpty { texts["width"] = sides[0] }
      if sides.count == 2, !sides[1].isEmpty { texts["height"] = sides[1] }
    }
    for text in call.repeated["--set"] ?? [] {
      guard let equals = text.firstIndex(of: "=") else { throw UsageFailure("--set \(text): it must be OPTION=VALUE") }
      texts[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    do {
      return try ConversionOptions(texts)
    } catch let failure {
      throw UsageFailure("\(failure)")
    }
  }

  /// The files of a pattern that no shell has expanded; anything else is a name as it stands.
  private static func expand(_ operand: String) -> [String] {
    guard access(operand, F_OK) != 0, operand.contains(where: { "*?[".contains($0) }) else { return [operand] }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(operand, 0, nil, &found) == 0, let paths = found.gl_pathv else { return [operand] }
    return (0..<Int(found.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
  }
}
