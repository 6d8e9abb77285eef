import Formats

extension Catalogue {
  /// The step that all files go into, and what each takes before it.
  ///
  /// The catalogue is asked only where they are of several makers. Throws `ConversionFailure` where files of these formats do not go into one.
  static func join(
    _ paths: [[Step]], _ conversion: Conversion, by catalogue: () -> Catalogue
  ) throws(ConversionFailure) -> (before: [[Step]], last: Step) {
    let ends = paths.compactMap(\.last)
    guard let first = ends.first, ends.count == paths.count else {
      throw ConversionFailure(.internalError, "the job has no files")
    }
    if ends.allSatisfy({ $0.maker.name == first.maker.name && $0.gathers }) {
      return (paths.map { $0.dropLast() }, first)
    }
    // Files of several makers meet in their target's own format.
    guard let common = ends.first(where: { $0.gathers && $0.from == $0.to }) else {
      throw ConversionFailure(
        .unsupportedConversion, "files of these formats do not go into one \(conversion.to.title)")
    }
    let before = try paths.map { (path) throws(ConversionFailure) -> [Step] in
      guard let from = path.first?.from, from != common.to else { return [] }
      let rest = conversion.leaving(common).options
      guard let own = catalogue().path(from: from, to: common.to, options: rest), !own.contains(where: \.gathers) else {
        throw ConversionFailure(.unsupportedConversion, "\(from.title) does not go into one \(conversion.to.title)")
      }
      return own
    }
    return (before, common)
  }
}
