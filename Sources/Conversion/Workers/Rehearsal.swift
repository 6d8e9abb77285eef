import Basics
import CSystem
import Glibc

/// A conversion of nothing, done once before the first fork, so that no child has to fill the tables and bind the
/// libraries that every job needs.
enum Rehearsal {
  /// Reads and writes a picture of our own making in both of the usual formats; what goes wrong will go wrong again in
  /// a job, and is told there.
  static func run() {
    let files = (0..<3).map { _ in csystem_memory_file() }
    defer { for file in files where file >= 0 { close(file) } }
    guard !files.contains(where: { $0 < 0 }), write(files[0]) else { return }
    convert(.png, files[0], .jpeg, files[1])
    convert(.jpeg, files[1], .png, files[2])
    talk()
    csystem_keep_memory(kept)
    // A child would have to copy what is free here before it could use it.
    csystem_trim_memory()
  }

  private static let side = 32
  /// Half of what a child holds ready between two jobs, in bytes: a small picture takes less.
  private static let kept = 1 << 20

  private static func write(_ file: Int32) -> Bool {
    let header = PictureHeader(width: side, height: side, channels: 3)
    // Noise, so that nothing is left out for being flat.
    let pixels = (0..<header.bytesPerRow * side).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 0x9E37 >> 7) }
    do throws(ConversionFailure) {
      let writer = try PNGWriter(file, header, .photograph)
      let rows = try PixelRows(rows: side, bytesPerRow: header.bytesPerRow)
      rows.bytes(side).copyBytes(from: pixels)
      try writer.write(side, from: .init(rows.bytes(side)))
      _ = try writer.finish()
      return true
    } catch {
      return false
    }
  }

  /// Says what a child says before and after its job, to a channel that nobody reads.
  private static func talk() {
    guard let (own, other) = try? Channel.pair() else { return }
    var layers: [SandboxLayer] = []
    for layer in SandboxLayer.allCases { layers.append(layer) }
    try? own.send(ChildReport.ready(layers).json)
    try? own.send(
      ChildReport.failed(ConversionFailure(.internalError, "rehearsal")).json, descriptors: [own.descriptor])
    for _ in 0..<2 {
      let received = try? other.receiveWithDescriptors(atMost: 1, longest: Channel.longestRequest)
      for descriptor in received?.descriptors ?? [] { close(descriptor) }
    }
  }

  private static func convert(_ from: Format, _ input: Int32, _ to: Format, _ output: Int32) {
    for wishes in [[:], ["width": "9"]] {
      guard let options = try? ConversionOptions(wishes) else { continue }
      let conversion = Conversion(from: from, to: to, options: options)
      guard
        case .convert(let request, _, _, _)? = ChildRequest(
          ChildRequest.convert(conversion, hasOverlay: false, mostBytes: .max, stays: false).json),
        let outcome = try? Catalogue.standard.convert(
          request, limits: ConversionLimits(), files: ConversionFiles(sources: [input], output: output))
      else { continue }
      _ = ChildReport.done(outcome).json.text
    }
  }
}
