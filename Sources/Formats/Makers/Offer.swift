/// A thing that a maker can do: files of these formats into those, with the options that it understands.
package struct Offer: Sendable {
  /// Nil for any file, whatever it holds.
  package let from: [Format]?
  package let to: [Format]
  package let options: [ConversionOption]
  /// What asks for this offer rather than for another of the same formats; nil for the usual one.
  package let deed: Deed?
  /// How many sources become one output together; nil when each makes its own.
  package let gathers: ClosedRange<Int>?
  /// What may be laid over what is made.
  package let overlays: [Format]
  /// True when no other step may come before or after it, for it tells of the file that the client has sent.
  package let standsAlone: Bool
  /// True when it makes nothing of pixels, so that no picture comes to it on its way.
  package let needsText: Bool
  /// True when it looks for text in pixels: nothing comes after it, and only pictures before it, unless it is asked for.
  package let seeksText: Bool
  /// True when it keeps less of some files than other makers do: nothing comes before it on a way, and where it says that a
  /// file is beyond it, a way without it is gone.
  package let isSimple: Bool
  /// What it takes compared with others; 1 is code of ours, and the path of the least sum is gone.
  package let cost: Int

  private let reaches: [String: ConversionOption.Reach]

  /// A flag that has to be set, and what is said where it or the number of files does not fit.
  package struct Deed: Sendable {
    package let flag: ConversionOption
    /// A sentence to which "not …" is added.
    package let targets: String
    package let count: String

    package init(_ flag: ConversionOption, targets: String, count: String) {
      self.flag = flag
      self.targets = targets
      self.count = count
    }
  }

  package init(
    from: [Format]?, to: [Format], options: [ConversionOption] = [], deed: Deed? = nil,
    gathers: ClosedRange<Int>? = nil, overlays: [Format] = [], standsAlone: Bool = false,
    needsText: Bool = false, seeksText: Bool = false, isSimple: Bool = false, cost: Int = 1
  ) {
    self.from = from
    self.to = to
    self.options = options + [deed?.flag].compactMap { $0 }
    self.deed = deed
    self.gathers = gathers
    self.overlays = overlays
    self.standsAlone = standsAlone
    self.needsText = needsText
    self.seeksText = seeksText
    self.isSimple = isSimple
    self.cost = cost
    reaches = Dictionary(self.options.map { ($0.name, $0.reach) }) { first, _ in first }
  }

  /// True when nothing is made of what it has found unless that is asked for.
  package var isEnd: Bool { seeksText && deed == nil }

  package func understands(_ option: String) -> Bool { reaches[option] != nil }

  /// Which steps of a way get an option; nil for one that is not understood.
  func reach(of option: String) -> ConversionOption.Reach? { reaches[option] }

  /// True when what asks for it is asked for, or it is the usual one.
  package func isMeant(by options: ConversionOptions) -> Bool { deed.map { options.flag($0.flag) } ?? true }
}
