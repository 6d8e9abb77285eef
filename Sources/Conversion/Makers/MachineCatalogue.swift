package import Basics
package import Formats
import Synchronization

/// What can be done with the programs that this machine has, by a look at the first use: for commands, which try none.
package final class MachineCatalogue: Sendable {
  private let allowed: AllowedPrograms
  private let found = Mutex<Catalogue?>(nil)

  /// Throws `SettingsFailure` where the settings allow a program that nothing calls.
  package init(_ settings: Settings) throws(SettingsFailure) { allowed = try AllowedPrograms(settings) }

  package var now: Catalogue {
    found.withLock { found in
      if let found { return found }
      let makers = allowed.filter(Makers.all)
      let catalogue = Catalogue(makers: makers, found: Toolbox.find(for: makers))
      found = catalogue
      return catalogue
    }
  }

  /// The way of a conversion, without a look at the programs where what is built in will do: that look takes longer than
  /// a small picture.
  package func steps(of conversion: Conversion) -> [Step]? {
    Catalogue.standard.steps(of: conversion) ?? now.steps(of: conversion)
  }
}
