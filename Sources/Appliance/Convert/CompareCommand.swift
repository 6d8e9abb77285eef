import Basics
import Conversion
import Glibc

/// The command `wonder compare`.
enum CompareCommand {
  static let command = Command(
    "compare", "tells how far two pictures of one size are apart: ae, mae, ncc, psnr, rmse, ssim", operands: "A B",
    count: 2...2,
    options: [
      Command.Option("--difference", "FILE", "also writes a PNG of how far each sample is apart"), AdminCommands.json,
    ],
    examples: ["wonder compare photo.png photo.jpg", "wonder compare a.png b.png --difference d.png --json"]
  ) { call in
    let pool = WorkerPool(
      executable: Program.path, workers: 1, limits: ConversionLimits(call.settings), log: Log(least: .warning))
    defer { pool.close() }
    var decoded: [Int32] = []
    defer { for file in decoded { close(file) } }
    for path in call.operands {
      let file = try MemoryFile.make([])
      decoded.append(file)
      do {
        try decode(path, into: file, pool, call)
      } catch let failure as ConversionFailure {
        call.console.error("wonder compare: \(path): \(failure.message)")
        return .failed
      }
    }
    let difference = try call["--difference"].map { path in
      try check("open", path) { open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) }
    }
    defer { difference.map { _ = close($0) } }
    do {
      let comparison = try PictureComparison(pam: decoded[0], decoded[1], difference: difference)
      if call["--json"] != nil {
        call.console.out(comparison.json.text)
      } else {
        Printing.record(comparison.json, to: call.console)
      }
      return .done
    } catch let failure as ConversionFailure {
      call.console.error("wonder compare: \(failure.message)")
      return .failed
    }
  }

  /// The pixels as PAM, made by the sandboxed worker: this process only sees what it has checked.
  private static func decode(_ path: String, into output: Int32, _ pool: WorkerPool, _ call: Invocation) throws {
    let input = try check("open", path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(input) }
    let type = try Sniffer.type(ofFile: input)
    guard let format = type.format, Catalogue.standard.converter(from: format, to: .pam) != nil else {
      throw ConversionFailure(.unsupportedConversion, "the file is \(type.description), which is no picture to compare")
    }
    _ = try pool.convert(
      Conversion(from: format, to: .pam), input: input, output: output, timeLimit: call.settings.span(.conversionTime))
  }
}
