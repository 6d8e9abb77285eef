import Basics
import Conversion
import Formats
import Outbound

/// Everything that makes files: decoders' children, programs of others, and the browser.
struct Workshop {
  let tools: ToolBench
  let benches: Benches

  /// `pages` are open at once in the browser; what their pages ask for is judged by `addresses`.
  init(
    _ settings: Settings, program: ProgramFile, pool: WorkerPool, finding found: @escaping @Sendable () -> Toolbox,
    spool: Spool, masked: ToolConfinement = [], residents: Int = 0, pages: Int, addresses: AddressGuard, log: Log
  ) {
    tools = ToolBench(
      program: program, finding: found, spool: spool, level: SandboxLevel(setting: settings.text(.sandbox)),
      masked: masked, residents: residents, log: log)
    benches = Benches(
      pool: pool, tools: tools,
      pages: BrowserBench(
        tools: tools, pool: pool, steps: .standard, addresses: addresses, pages: pages))
  }
}
