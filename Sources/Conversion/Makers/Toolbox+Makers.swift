package import Formats

extension Toolbox {
  /// Looks for what all makers of this program call.
  package static func find() -> Toolbox { find(for: Makers.all) }
}

extension Catalogue {
  /// With the programs that this machine has, by a look at the first use: for commands, which do not try them.
  package static let ofThisMachine = Catalogue(found: Toolbox.find())

  /// The way of a conversion on this machine, without a look at its programs where what is built in will do: that look
  /// takes longer than a small picture.
  package static func stepsHere(of conversion: Conversion) -> [Step]? {
    standard.steps(of: conversion) ?? ofThisMachine.steps(of: conversion)
  }
}
