import Formats

/// Looks for the cheapest path to a target on which every option that is asked for is understood.
struct PathSearch {
  let catalogue: Catalogue
  let target: Format
  let options: ConversionOptions
  /// Whether a way may begin with what keeps less of some files.
  let allowsSimple: Bool
  private(set) var best: [Step]?
  private var least = Int.max

  init(catalogue: Catalogue, target: Format, options: ConversionOptions, allowsSimple: Bool) {
    self.catalogue = catalogue
    self.target = target
    self.options = options
    self.allowsSimple = allowsSimple
  }

  /// Takes a path that leads there, when it costs less than the best so far.
  mutating func take(_ path: [Step]) {
    let cost = path.reduce(0) { $0 + $1.offer.cost }
    guard cost < least || cost == least && path.count < best?.count ?? .max else { return }
    (best, least) = (path, cost)
  }

  /// Tries every step from a format on which the path has arrived.
  mutating func go(on path: [Step], from format: Format) {
    guard path.count < Catalogue.mostSteps else { return }
    let spent = path.reduce(0) { $0 + $1.offer.cost }
    let wasRaster = format.isRaster || path.contains { $0.from?.isRaster ?? false }
    let isPicture = format.category == .image && path.allSatisfy { $0.from?.category == .image }
    for step in catalogue.bySource[format] ?? [] where step.offer.isMeant(by: options) {
      // A path goes to a format once, and only for an option stays where it is.
      let isNew = step.to != format && !path.contains { $0.from == step.to }
      let does = options.asked.contains(where: step.offer.understands)
      let stays = step.to == format && does && !path.contains(where: { isSame($0, step) })
      // A picture that is decoded and coded again stays one, as a document would not.
      let returns = step.to == target && step.to.isRaster && path.first?.from == target && format != target
      guard spent + step.offer.cost <= least, isNew || stays || returns, !step.offer.needsText || !wasRaster,
        step.offer.deed != nil || !step.offer.seeksText || isPicture,
        !step.offer.isSimple || allowsSimple && path.isEmpty
      else { continue }
      let longer = path + [step]
      if step.to == target, options.asked.allSatisfy({ name in longer.contains { $0.offer.understands(name) } }) {
        take(longer)
      }
      // What all files go into is the end of it.
      if !step.gathers && !step.offer.isEnd { go(on: longer, from: step.to) }
    }
  }

  private func isSame(_ one: Step, _ other: Step) -> Bool { one.from == other.from && one.to == other.to }
}
