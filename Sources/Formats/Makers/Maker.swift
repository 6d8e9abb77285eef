/// Makes files of some formats into others; what it can do is what it offers.
package protocol Maker: Sendable {
  /// What lists call it.
  var name: String { get }
  var offers: [Offer] { get }
  /// Where what it makes waits for its turn.
  var lane: Lane { get }
}

extension Maker {
  package var lane: Lane { .quick }
}
