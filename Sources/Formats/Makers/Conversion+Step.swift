extension Conversion {
  /// With those options alone that are meant for a step, after which others come.
  package func keeping(_ step: Step, before later: ArraySlice<Step> = []) -> Conversion {
    var some = self
    some.options = options.filter { name in
      step.offer.reach(of: name).map { $0 != .last || !Conversion.anyUnderstands(name, later) } ?? false
    }
    return some
  }

  /// With what a step leaves for those that come after it.
  package func leaving(_ step: Step, before later: ArraySlice<Step> = []) -> Conversion {
    var some = self
    some.options = options.filter { name in
      guard let reach = step.offer.reach(of: name) else { return true }
      return reach != .first && Conversion.anyUnderstands(name, later)
    }
    return some
  }

  private static func anyUnderstands(_ name: String, _ steps: ArraySlice<Step>) -> Bool {
    steps.contains { $0.offer.understands(name) }
  }
}
