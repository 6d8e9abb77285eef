import Basics
import Conversion
import Formats
import Glibc
import Storage

/// Looks at the workers by using them: what their sandbox refuses, and a real conversion into and out of every format.
struct PoolCheck {
  static let timeLimit = Duration.seconds(20)

  let pool: WorkerPool
  /// The level that WONDER_SANDBOX asks for.
  let wanted: SandboxLevel

  func findings() -> [Finding] { [sandbox()] + conversions() }

  private func sandbox() -> Finding {
    do {
      let probe = try pool.probe()
      let level = SandboxLevel(probe.layers)
      let layers = probe.layers.map(\.rawValue).joined(separator: ", ")
      let missing = SandboxLevel.missing(from: probe.layers)
      let tries: [(name: String, worked: Bool)] = [
        ("opening a file", probe.canOpenFile), ("looking at a path", probe.canLookAtPath),
        ("making a socket", probe.canMakeSocket),
        ("starting a process", probe.canFork), ("making memory executable", probe.canMakeMemoryExecutable),
      ]
      let open = tries.filter(\.worked).map(\.name).joined(separator: ", ")
      if level < wanted { return Finding(.broken, "sandbox", "\(level), and WONDER_SANDBOX asks for \(wanted)") }
      if !open.isEmpty {
        return Finding(
          .warning, "sandbox", "\(level) (\(layers)); a decoder could succeed in \(open); missing: \(missing)")
      }
      if level < .full { return Finding(.warning, "sandbox", "\(level) (\(layers)); this kernel lacks \(missing)") }
      return Finding(
        .ok, "sandbox", "\(level) (\(layers)); files, paths, sockets, processes and executable memory are refused")
    } catch {
      return Finding(.broken, "sandbox", "no worker process answers: \(error.message)")
    }
  }

  /// Converts the sample picture into every format, and what came out back, so that each reader and writer ran once.
  private func conversions() -> [Finding] {
    guard let photo = EmbeddedFile.find("samples/photo.png") else { return [] }
    return Catalogue.standard.formats(from: .png).map { format in
      do {
        let sample = try MemoryFile.make(photo.bytes)
        defer { close(sample) }
        let made = try MemoryFile.make([])
        defer { close(made) }
        let size = try convert(.png, format, sample, made)
        guard Catalogue.standard.formats(from: format).contains(.png) else {
          return Finding(.ok, format.name, "written (\(size) bytes)")
        }
        let back = try MemoryFile.make([])
        defer { close(back) }
        _ = try convert(format, .png, made, back)
        return Finding(.ok, format.name, "read and written (\(size) bytes)")
      } catch {
        return Finding(.broken, format.name, "the sample conversion failed: \(error)")
      }
    }
  }

  private func convert(_ from: Format, _ to: Format, _ input: Int32, _ output: Int32) throws -> Int64 {
    try pool.convert(
      Conversion(from: from, to: to), files: ConversionFiles(sources: [input], output: output),
      timeLimit: PoolCheck.timeLimit
    ).size
  }
}
