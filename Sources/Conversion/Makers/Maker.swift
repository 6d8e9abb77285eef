/// Makes files of some formats into others; what it can do is what it offers.
package protocol Maker: Sendable {
  /// What lists call it.
  var name: String { get }
  var offers: [Offer] { get }
}
