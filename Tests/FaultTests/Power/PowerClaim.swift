import Storage

/// Something that a client was told, and which holds from then on whatever happens to the power.
struct PowerClaim: Sendable {
  let name: String
  /// Nil when it holds, or what is the matter.
  let look: @Sendable (Store) throws -> String?

  /// A claim with the points of a history between which it holds.
  struct Span: Sendable {
    let claim: PowerClaim
    let from: Int
    var until = Int.max
  }
}
