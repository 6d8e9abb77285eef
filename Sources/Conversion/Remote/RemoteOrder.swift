package import Basics
package import Formats

/// One step as it goes to another machine: everything that a bench there has to know, beside the files.
package struct RemoteOrder: Sendable, Equatable {
  /// The version of the program that wrote it; another one may mean something else by it.
  package let version: String
  /// What the result has to be left under; another lease means that nobody waits for it any more.
  package let lease: String
  /// What the same step of the same job has after a restart, too; nil for what nobody comes back for.
  package let key: String?
  package let maker: String
  /// Where it stands among all makers, for several are called the same.
  package let place: Int
  /// Which of the maker's offers, counted from 0.
  package let offer: Int
  package let from: Format?
  package let to: Format
  package let conversion: Conversion
  package let sources: Int
  package let hasOverlay: Bool
  package let timeLimit: Duration
  /// What all outputs together may have.
  package let mostBytes: Int64
  package let isWide: Bool
  package let isOffline: Bool
  /// What the operator has set that a bench goes by, by the names of the settings.
  package let settings: [String: String]

  /// Nil for a step that is no maker's offer.
  package init?(
    _ order: Order, version: String, lease: String, settings: [String: String], makers: [any Maker] = Makers.all
  ) {
    let found = makers.indices.lazy.compactMap { place -> (Int, Int)? in
      guard makers[place].name == order.step.maker.name,
        let offer = makers[place].offers.firstIndex(where: { RemoteOrder.isSame($0, order.step.offer) })
      else { return nil }
      return (place, offer)
    }.first
    guard let (place, offer) = found else { return nil }
    self.version = version
    self.lease = lease
    key = order.key
    maker = order.step.maker.name
    self.place = place
    self.offer = offer
    from = order.step.from
    to = order.step.to
    conversion = order.conversion
    sources = order.files.sources.count
    hasOverlay = order.files.overlay != nil
    timeLimit = order.timeLimit
    mostBytes = order.mostBytes
    isWide = order.isWide
    isOffline = order.isOffline
    self.settings = settings
  }

  private static func isSame(_ left: Offer, _ right: Offer) -> Bool {
    left.from == right.from && left.to == right.to && left.deed?.flag.name == right.deed?.flag.name
      && left.gathers == right.gathers && left.cost == right.cost
      && left.options.map(\.name) == right.options.map(\.name)
  }

  /// True when what was made for one will do for the other.
  package func isMet(by other: RemoteOrder) -> Bool {
    key != nil && key == other.key && version == other.version && maker == other.maker && place == other.place
      && offer == other.offer
      && from == other.from && to == other.to && conversion == other.conversion && sources == other.sources
      && hasOverlay == other.hasOverlay && isOffline == other.isOffline && settings == other.settings
  }

  /// The step with the maker that it names; nil where there is none like it.
  package func step(among makers: [any Maker] = Makers.all) -> Step? {
    guard makers.indices.contains(place), makers[place].name == maker, makers[place].offers.indices.contains(offer),
      makers[place].offers[offer].to.contains(to)
    else { return nil }
    return Step(maker: makers[place], offer: makers[place].offers[offer], from: from, to: to)
  }

  /// Secrets of the conversion are in it: it is for eyes that may see the files.
  package var json: JSONValue {
    .object([
      ("version", .string(version)), ("lease", .string(lease)), ("key", key.map(JSONValue.string) ?? .null),
      ("maker", .string(maker)), ("place", .integer(Int64(place))), ("offer", .integer(Int64(offer))),
      ("from", from.map { .string($0.name) } ?? .null), ("to", .string(to.name)), ("conversion", conversion.json),
      ("secrets", .object(conversion.options.secrets.map { ($0.name, .string($0.text)) })),
      ("sources", .integer(Int64(sources))), ("overlay", .boolean(hasOverlay)),
      ("milliseconds", .integer(timeLimit.milliseconds)), ("most_bytes", .integer(mostBytes)),
      ("wide", .boolean(isWide)), ("offline", .boolean(isOffline)),
      ("settings", .object(settings.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
    ])
  }

  /// Nil for what `json` does not make; a version that is not known here is read all the same, for its name.
  package init?(_ document: JSONValue) {
    guard let version = document["version"]?.string, let lease = document["lease"]?.string,
      let maker = document["maker"]?.string, let place = document["place"]?.integer.flatMap(Int.init(exactly:)),
      let offer = document["offer"]?.integer.flatMap(Int.init(exactly:)),
      let to = document["to"]?.string.flatMap(Format.named),
      var conversion = document["conversion"].flatMap({ Conversion($0, among: .standard) }),
      let sources = document["sources"]?.integer, (1...Int64(ConversionFiles.mostSources)).contains(sources),
      let hasOverlay = document["overlay"]?.boolean, let milliseconds = document["milliseconds"]?.integer,
      (1...604_800_000).contains(milliseconds), let mostBytes = document["most_bytes"]?.integer, mostBytes > 0,
      let isWide = document["wide"]?.boolean, let isOffline = document["offline"]?.boolean,
      let settings = document["settings"]?.members
    else { return nil }
    let secrets = (document["secrets"]?.members ?? []).compactMap { name, value in value.string.map { (name, $0) } }
    guard let options = try? conversion.options.adding(secrets: secrets, among: .standard) else { return nil }
    conversion.options = options
    self.version = version
    self.lease = lease
    key = document["key"]?.string
    self.maker = maker
    self.place = place
    self.offer = offer
    from = document["from"]?.string.flatMap(Format.named)
    self.to = to
    self.conversion = conversion
    self.sources = Int(sources)
    self.hasOverlay = hasOverlay
    timeLimit = .milliseconds(milliseconds)
    self.mostBytes = mostBytes
    self.isWide = isWide
    self.isOffline = isOffline
    self.settings = Dictionary(settings.compactMap { name, value in value.string.map { (name, $0) } }) { $1 }
  }
}
