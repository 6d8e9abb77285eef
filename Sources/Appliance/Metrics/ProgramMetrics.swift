import Conversion
import Formats

/// What `/metrics` shows of programs of others.
struct ProgramMetrics: Sendable {
  let figures: ToolFigures
  /// Nil where the programs are given.
  let discovery: ToolDiscovery?

  func write(_ text: inout MetricsText) {
    let standings = discovery?.standings ?? []
    if !standings.isEmpty {
      text.family(
        "wonder_program_up", .gauge, "1 for what is offered, 0 for a program that is not here or does not work.")
      for standing in standings {
        let program = standing.tool.program
        text.sample(Int64(standing.isOffered ? 1 : 0), ["program": standing.tool.name, "package": program.package])
      }
    }
    let all = figures.figures.sorted { $0.key < $1.key }
    guard !all.isEmpty else { return }
    text.family("wonder_program_calls_total", .counter, "Calls of programs, their samples included.")
    for (program, figures) in all { text.sample(figures.calls, ["program": program]) }
    text.family("wonder_program_failures_total", .counter, "Conversions by a program that made nothing.")
    for (program, figures) in all { text.sample(figures.failures, ["program": program]) }
    text.family("wonder_program_seconds_total", .counter, "How long calls of programs have taken.")
    for (program, figures) in all { text.sample(figures.seconds, ["program": program]) }
  }
}
