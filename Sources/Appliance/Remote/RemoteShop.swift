import Basics
import Conversion
import Formats
import Glibc
import Outbound

/// The benches of a machine that works for a server elsewhere, as the server's settings say.
final class RemoteShop: Sendable {
  let settings: [String: String]
  let work: RemoteWork
  private let pool: WorkerPool
  private let workshop: Workshop
  private let place: ToolPlace
  /// Where orders may have their folders.
  var path: String { place.path }

  /// `workers` orders at once; programs stay between them where `residents` may, and without any it is for one call.
  init(_ given: [String: String], workers: Int = 1, residents: Int = 0) throws {
    settings = given
    let known = Set(Setting.ofSteps.map(\.name))
    let settings = try Settings(flags: given.filter { known.contains($0.key) })
    let log = Log(least: .warning)
    let allowed = try AllowedPrograms(settings)
    let program = Program.file()
    pool = WorkerPool(
      program: program, workers: workers, threads: Program.threads(settings.number(.threads)),
      limits: ConversionLimits(settings), rehearses: residents > 0, log: log)
    place = try ToolPlace("step")
    let found = Toolbox.find(for: allowed.filter(Makers.all))
    workshop = Workshop(
      settings, program: program, pool: pool, finding: { found }, spool: Spool(path: place.path),
      residents: residents, pages: workers, addresses: AddressGuard(settings), log: log)
    let wanted = SandboxLevel(setting: settings.text(.sandbox))
    // Where any will do nobody is asked, which costs a child.
    let layers = wanted > .weak ? pool.sandboxLevel : []
    work = RemoteWork(
      bench: workshop.benches, allowed: { !allowed.filter([$0]).isEmpty }, host: StepCommand.host,
      version: VersionCommand.version,
      problem: SandboxLevel(layers) < wanted
        ? "its sandbox lacks \(SandboxLevel.missing(from: layers)), which WONDER_SANDBOX asks for" : nil)
  }

  /// Cancels what runs.
  func cancel() { workshop.benches.close() }

  func close() {
    workshop.benches.close()
    pool.close()
  }
}
