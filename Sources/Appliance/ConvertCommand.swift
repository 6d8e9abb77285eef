import Basics
import Conversion
import Engine
import Glibc
import Storage

/// The command `wonder convert`.
enum ConvertCommand {
  static let command = Command(
    "convert", "converts one file without a server, in the same sandboxed worker", operands: "IN OUT", count: 2...2,
    options: [
      Command.Option("--from", "FORMAT", "the format of IN; else what its first bytes say"),
      Command.Option("--to", "FORMAT", "the format of OUT; else what its ending says"),
      Command.Option("--quality", "N", "how much a JPEG keeps, 1 to 100 (85)"),
      Command.Option("--background", "COLOUR", "what shows through transparent pixels in a JPEG (white)"),
    ],
    examples: ["wonder convert photo.png photo.jpg", "wonder convert --quality 70 scan.png scan.jpg"]
  ) { call in
    let (input, output) = (call.operands[0], call.operands[1])
    let source = try check("open", input) { open(input, O_RDONLY | O_CLOEXEC) }
    defer { close(source) }
    let conversion = try conversion(call, source: source, output: output)
    let aside = output + ".wonder-new"
    let target = try check("open", aside) { open(aside, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) }
    defer {
      close(target)
      unlink(aside)
    }
    var limits = ConversionLimits()
    limits.maxPixels = Int(call.settings.number(.maxPixels))
    let pool = WorkerPool(
      executable: Program.path, workers: 1, limits: limits, log: Log(least: .warning))
    defer { pool.close() }
    let outcome: ConversionOutcome
    do {
      outcome = try pool.convert(
        conversion, input: source, output: target, timeLimit: call.settings.span(.conversionTime),
        progress: { if call.console.isTerminal { call.console.error("\(input): \($0) %") } })
    } catch let failure as ConversionFailure {
      call.console.error("wonder convert: \(input): \(failure.message)")
      return .failed
    }
    try check("rename", output) { rename(aside, output) }
    call.console.out("\(output): \(outcome.width) x \(outcome.height), \(outcome.size) bytes")
    return .done
  }

  private static func conversion(_ call: Invocation, source: Int32, output: String) throws -> Conversion {
    let names = Catalogue.standard.sources.map(\.name).joined(separator: ", ")
    let from: Format
    if let name = call["--from"] {
      guard let format = Format.named(name) else { throw UsageFailure("--from \(name): the formats are \(names)") }
      from = format
    } else {
      let type = try Sniffer.type(ofFile: source)
      guard let format = type.format else { throw UsageFailure("the file is \(type.description); readable: \(names)") }
      from = format
    }
    let targets = Catalogue.standard.formats(from: from)
    let offered = targets.map(\.name).joined(separator: ", ")
    let ending = output.split(separator: ".").last.map(String.init) ?? ""
    guard let to = Format.named(call["--to"] ?? ending), targets.contains(to) else {
      throw UsageFailure("\(from.name) cannot become \"\(call["--to"] ?? ending)\"; the formats are \(offered)")
    }
    var texts: [String: String] = [:]
    for name in ["quality", "background"] { texts[name] = call["--\(name)"] }
    do {
      return Conversion(from: from, to: to, options: try ConversionOptions(texts))
    } catch let failure {
      throw UsageFailure("\(failure)")
    }
  }
}
