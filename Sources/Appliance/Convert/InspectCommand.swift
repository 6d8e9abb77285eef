import Basics
import Conversion
import Formats
import Glibc

/// The command `wonder inspect`.
enum InspectCommand {
  static let command = Command(
    "inspect", "prints what a picture file tells about itself, as JSON", operands: "FILE", count: 1...1,
    examples: ["wonder inspect photo.jpg"], takesAnyName: true
  ) { call in
    let path = call.operands[0]
    let input = try InputFile.open(path)
    defer { close(input) }
    let output = try MemoryFile.make([])
    defer { close(output) }
    let type = try Sniffer.type(ofFile: input)
    guard let format = type.best, format.category == .image, Catalogue.standard.formats(from: format).contains(.json)
    else {
      call.console.error(
        "wonder inspect: \(HiddenText.escaping(path)): the file is \(type.description), which is no picture")
      return .failed
    }
    let pool = WorkerPool(program: Program.file(), workers: 1, log: Log(least: .warning))
    defer { pool.close() }
    do {
      let outcome = try pool.convert(
        Conversion(from: format, to: .json), files: ConversionFiles(sources: [input], output: output),
        timeLimit: call.settings.span(.conversionTime))
      for warning in outcome.warnings {
        call.console.error("wonder inspect: \(HiddenText.escaping(path)): warning: \(warning.sentence)")
      }
      var bytes = [UInt8](repeating: 0, count: Int(outcome.size))
      let count = try check("pread", path) { pread(output, &bytes, bytes.count, 0) }
      var text = String(decoding: bytes.prefix(count), as: UTF8.self)
      if text.hasSuffix("\n") { text.removeLast() }
      call.console.out(text)
      return .done
    } catch let failure as ConversionFailure {
      call.console.error("wonder inspect: \(HiddenText.escaping(path)): \(failure.message)")
      return .failed
    }
  }
}
