extension Conversion {
  /// With those options alone that a step understands.
  package func keeping(_ step: Step) -> Conversion {
    var some = self
    some.options = options.filter(step.offer.understands)
    return some
  }

  /// With what a step leaves for the others on the way.
  package func leaving(_ step: Step) -> Conversion {
    var some = self
    some.options = options.filter { !step.offer.understands($0) }
    return some
  }
}
