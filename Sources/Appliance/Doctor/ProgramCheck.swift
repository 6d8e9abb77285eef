import Basics
import Conversion
import Formats
import Glibc

/// What programs of others are here, whether each has made its sample, and what kept it from harm meanwhile.
struct ProgramCheck {
  let standings: [ToolStanding]
  let figures: [String: ToolFigures.Figures]

  func findings() -> [Finding] {
    guard !standings.isEmpty else { return [] }
    let versions = DebianPackages.versions(of: Set(standings.map(\.tool.program.package)))
    return standings.map { finding($0, versions) } + [fonts()]
  }

  private func finding(_ standing: ToolStanding, _ versions: [String: String]) -> Finding {
    let program = standing.tool.program
    let version = versions[program.package].map { "\(program.package) \($0)" } ?? "of no package that dpkg knows"
    switch standing.state {
    case .missing(let missing):
      return Finding(.ok, program.name, "not here; apt-get install \(missing.package) brings \(missing.name)")
    case .new, .untried:
      return Finding(.ok, program.name, "here (\(version)), and not tried yet")
    case .works(let span):
      return Finding(
        .ok, program.name, "made its sample in \(span.milliseconds) ms; \(version); \(confinement(standing.tool))")
    case .broken(let reason, let words):
      let last = words.isEmpty ? "" : "; its last words: \(words)"
      return Finding(
        .broken, program.name,
        "does not make its sample, so nothing of it is offered: \(reason)\(last); apt-get install --reinstall \(program.package)"
      )
    }
  }

  private func confinement(_ maker: any ProgramMaker) -> String {
    guard let held = figures[maker.program.name]?.held else { return "confined by nothing that is known" }
    let missing = ToolConfinement.all.subtracting(held)
    let own = maker is any PageMaker ? ", and by its own sandbox" : ""
    return "confined by \(held.words)\(own)" + (missing.isEmpty ? "" : "; this machine refuses \(missing.words)")
  }

  /// Texts in scripts without a font come out as boxes, which only matters where a program draws text.
  private func fonts() -> Finding {
    let found = FontFamilies.find()
    let lacks = [
      (found.cjk.isEmpty, "Chinese, Japanese and Korean", "fonts-noto-cjk"),
      (found.emoji.isEmpty, "emoji", "fonts-noto-color-emoji"),
    ].filter(\.0)
    let count =
      "\(found.all.count) families, \(found.cjk.count) for Chinese, Japanese and Korean, \(found.emoji.count) for emoji"
    guard !lacks.isEmpty else { return Finding(.ok, "fonts", count) }
    let draws = standings.contains { $0.tool.drawsText && $0.isOffered }
    let advice = lacks.map { "apt-get install \($0.2) for \($0.1)" }.joined(separator: ", ")
    return Finding(draws ? .warning : .ok, "fonts", "\(count); \(advice)")
  }
}
