import Basics
import Conversion
import Formats
import Glibc

/// The command `wonder compare`.
enum CompareCommand {
  static let command = Command(
    "compare", "tells how far two pictures of one size are apart: ae, mae, ncc, psnr, rmse, ssim", operands: "A B",
    count: 2...2,
    options: [
      Command.Option("--difference", "FILE", "also writes a PNG of how far each sample is apart"), AdminCommands.json,
    ],
    examples: ["wonder compare photo.png photo.jpg", "wonder compare a.png b.png --difference d.png --json"],
    takesAnyName: true
  ) { call in
    let pool = WorkerPool(
      program: Program.file(), workers: 1, limits: ConversionLimits(call.settings), log: Log(least: .warning))
    defer { pool.close() }
    var sources: [Int32] = []
    defer { for file in sources { close(file) } }
    for path in call.operands { sources.append(try InputFile.open(path)) }
    do {
      let measures = try MemoryFile.make([])
      defer { close(measures) }
      let outcome = try compare(sources, .json, into: measures, pool, call)
      for warning in outcome.warnings { call.console.error("wonder compare: warning: \(warning.sentence)") }
      let size = outcome.size
      if let path = call["--difference"] {
        let difference = try OutputFile(path)
        defer { difference.end() }
        _ = try compare(sources, .png, into: difference.descriptor, pool, call)
        try difference.finish()
      }
      var bytes = [UInt8](repeating: 0, count: Int(size))
      let count = try check("pread", "comparison") { pread(measures, &bytes, bytes.count, 0) }
      let comparison = try JSONReader.parse(bytes[..<count])
      if call["--json"] != nil {
        call.console.out(comparison.text)
      } else {
        Printing.record(comparison, to: call.console)
      }
      return .done
    } catch let failure as ConversionFailure {
      call.console.error("wonder compare: \(failure.message)")
      return .failed
    }
  }

  private static func compare(
    _ sources: [Int32], _ target: Format, into output: Int32, _ pool: WorkerPool, _ call: Invocation
  ) throws -> ConversionOutcome {
    try pool.convert(
      Conversion(from: nil, to: target, options: ConversionOptions(["compare": "true"])),
      files: ConversionFiles(sources: sources, output: output),
      timeLimit: call.settings.span(.conversionTime))
  }
}
