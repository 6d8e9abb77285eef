import CSystem
import Formats
import Glibc

/// Reads a picture of the format that FUZZ_FORMAT names, as a job would that only changes its size.
///
/// Built into the Pictures module by `Tests/Fuzz/pictures`, so that the sanitizer sees every access of the readers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: bytes, count: count)
  if let both = FuzzPNGBoth.shared { both.run(bytes) } else { Fuzzing.shared.run(bytes) }
  return 0
}

private final class Fuzzing: Sendable {
  static let shared = Fuzzing()

  private let format: Format
  private let input: Int32
  private let output: Int32
  private let limits: ConversionLimits

  private init() {
    format = getenv("FUZZ_FORMAT").flatMap { Format.named(String(cString: $0)) } ?? .bmp
    input = csystem_memory_file()
    output = csystem_memory_file()
    var limits = ConversionLimits()
    // Enough for every way through the readers; larger pictures only cost time.
    limits.maxPixels = 1 << 18
    self.limits = limits
  }

  func run(_ bytes: UnsafeRawBufferPointer) {
    ftruncate(input, 0)
    pwrite(input, bytes.baseAddress, bytes.count, 0)
    ftruncate(output, 0)
    // The last byte chooses what is done, so that the steps see hostile sides too.
    let choice = bytes.last ?? 0
    let targets: [Format] = [.png, .pnm, .pdf, .ico]
    let wishes = [[:], ["width": "33"], ["rotate": "90"], ["crop_x": "3", "grayscale": "true"], ["thumbnail": "5"]]
    guard
      let options = try? ConversionOptions(
        wishes[Int(choice) % wishes.count], among: OptionList(ConversionOption.pictures))
    else { return }
    let conversion = Conversion(from: format, to: targets[Int(choice >> 4) % targets.count], options: options)
    _ = try? ImageConverter().convert(
      conversion, limits: limits, files: ConversionFiles(sources: [input], output: output)
    ) { _ in }
  }
}
