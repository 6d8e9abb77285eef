import Basics
import CSystem
import Formats
import Glibc
import Pictures

/// A conversion of nothing, done once before the first fork, so that no child has to fill the tables and bind the
/// libraries that every job needs.
enum Rehearsal {
  /// Reads and writes a picture in both of the usual formats; what goes wrong will go wrong again in
  /// a job, and is told there.
  static func run() {
    let files = (0..<3).map { _ in csystem_memory_file() }
    defer { for file in files where file >= 0 { close(file) } }
    guard !files.contains(where: { $0 < 0 }), SamplePicture.write(files[0]) else { return }
    convert(.png, files[0], .jpeg, files[1])
    convert(.jpeg, files[1], .png, files[2])
    talk()
    csystem_keep_memory(kept)
    // A child would have to copy what is free here before it could use it.
    csystem_trim_memory()
  }

  /// Half of what a child holds ready between two jobs, in bytes: a small picture takes less.
  private static let kept = 1 << 20

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
