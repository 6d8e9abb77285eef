/// One call of a maker on the way from a file to what was asked for.
package struct Step: Sendable {
  package let maker: any Maker
  package let offer: Offer
  /// Nil for a file of any format.
  package let from: Format?
  package let to: Format

  package init(maker: any Maker, offer: Offer, from: Format?, to: Format) {
    self.maker = maker
    self.offer = offer
    self.from = from
    self.to = to
  }

  /// True when all sources together make one output; else each makes its own.
  package var gathers: Bool { offer.gathers != nil }
}
