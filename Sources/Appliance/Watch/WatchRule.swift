import Basics
import CSystem
import Conversion
import Engine
import Formats

/// What files of some names become.
struct WatchRule: Sendable {
  /// As a shell has it: `*`, `?` and `[…]`, in any case.
  let pattern: String
  let conversion: Conversion

  func fits(_ name: String) -> Bool { csystem_fits(SystemText.cString(pattern), SystemText.cString(name)) }

  /// Throws `UsageFailure` for a target that cannot be made and for options that it does not take.
  init(_ pattern: String, to target: String, _ options: [String: String], _ machine: MachineCatalogue) throws {
    self.pattern = pattern
    let format = try ConversionOrder.target(target, target, machine)
    var options = options
    let from = try options.removeValue(forKey: "from").map { name in
      guard let format = Format.named(name) else { throw UsageFailure("from=\(name) is no format") }
      return format
    }
    do {
      conversion = Conversion(from: from, to: format, options: try ConversionOptions(options))
    } catch let failure {
      throw UsageFailure("\(failure)")
    }
    do { try ConversionOrder.check(conversion, 1, hasOverlay: false, machine) } catch {
      // Which format a file has is known when it comes; what fits none is wrong at once.
      var told = conversion
      let fits =
        from == nil
        && machine.now.sources.contains { source in
          told.from = source
          return machine.now.problem(told, sources: 1, hasOverlay: false) == nil
            && machine.now.steps(of: told) != nil
        }
      guard fits else { throw error }
    }
  }
}
