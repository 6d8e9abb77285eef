import Basics
package import Formats
import Glibc

/// Carries out on this machine what a folder says, and leaves the result there.
package struct RemoteWork: Sendable {
  package let bench: any Bench
  private let makers: [any Maker]
  private let allowed: @Sendable (any Maker) -> Bool
  package let host: String
  package let version: String
  /// Why this machine may not do any of it; nil when it may.
  package let problem: String?

  package init(
    bench: any Bench, makers: [any Maker] = Makers.all,
    allowed: @escaping @Sendable (any Maker) -> Bool = { _ in true },
    host: String, version: String, problem: String? = nil
  ) {
    self.allowed = allowed
    self.bench = bench
    self.makers = makers
    self.host = host
    self.version = version
    self.problem = problem
  }

  /// What becomes of an order; its outputs are in the folder then, and the result is not.
  package func result(of order: RemoteOrder, in folder: RemoteFolder, watch: Watch) -> RemoteResult {
    RemoteResult(lease: order.lease, host: host, end(of: order, in: folder, watch))
  }

  private func end(of order: RemoteOrder, in folder: RemoteFolder, _ watch: Watch) -> RemoteResult.End {
    guard order.version == version else {
      return .refused("its wonder is \(version), and the server's is \(order.version)")
    }
    if let problem { return .refused(problem) }
    guard let step = order.step(among: makers), allowed(step.maker) else {
      return .refused("its wonder may not call \(order.maker)")
    }
    do throws(ConversionFailure) {
      return .made(try make(step, order, in: folder, watch))
    } catch {
      // A program that is missing here may be elsewhere.
      return error.isOfServer ? .refused(error.message) : .failed(error)
    }
  }

  private func make(
    _ step: Step, _ order: RemoteOrder, in folder: RemoteFolder, _ watch: Watch
  ) throws(ConversionFailure) -> [RemoteResult.Piece] {
    let files = OpenedFiles(folder)
    defer { files.close() }
    do {
      let sources = try (0..<order.sources).map { try files.open(RemoteFolder.Name.source($0)) }
      let overlay = order.hasOverlay ? try files.open(RemoteFolder.Name.overlay) : nil
      var own = Order(
        step: step, conversion: order.conversion,
        files: ConversionFiles(sources: sources, overlay: overlay, output: try files.makeOutput()),
        timeLimit: order.timeLimit, mostBytes: order.mostBytes,
        another: { () throws(ConversionFailure) in
          do throws(SystemFailure) { return try files.makeOutput() } catch { throw ConversionFailure(error) }
        })
      own.isWide = order.isWide
      own.isOffline = order.isOffline
      let made = try bench.make(own, watch: watch)
      // The result must not be there before what it tells of.
      for file in made { try check("fsync", "output") { fsync(file.descriptor) } }
      return made.map {
        RemoteResult.Piece(
          file: files.number(of: $0.descriptor), outcome: $0.outcome, label: $0.label, part: $0.part)
      }
    } catch {
      throw ConversionFailure(of: error)
    }
  }

  /// The open files of one order; its outputs are numbered as they are asked for.
  private final class OpenedFiles {
    private let folder: RemoteFolder
    private var all: [Int32] = []
    private var outputs: [Int32] = []

    init(_ folder: RemoteFolder) {
      self.folder = folder
    }

    func open(_ name: String) throws(SystemFailure) -> Int32 {
      let file = try folder.open(name)
      all.append(file)
      return file
    }

    func makeOutput() throws(SystemFailure) -> Int32 {
      let file = try folder.makeOutput(outputs.count)
      outputs.append(file)
      all.append(file)
      return file
    }

    func number(of file: Int32) -> Int { outputs.firstIndex(of: file) ?? 0 }

    func close() { for file in all { Glibc.close(file) } }
  }
}
