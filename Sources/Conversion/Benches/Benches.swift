package import Formats

/// All benches there are: a step goes to the one that its maker needs.
package struct Benches: Bench {
  private let pool: any Bench
  private let tools: any Bench
  private let pages: (any Bench)?

  /// Without a bench for pages none is made.
  package init(pool: any Bench, tools: any Bench, pages: (any Bench)? = nil) {
    self.pool = pool
    self.tools = tools
    self.pages = pages
  }

  /// Closes those for programs of others; the pool is its owner's.
  package func close() {
    tools.close()
    pages?.close()
  }

  package func make(_ order: Order, watch: Watch) throws(ConversionFailure) -> [MadeFile] {
    switch order.step.maker {
    case is any Tool: return try tools.make(order, watch: watch)
    case is any PageMaker:
      guard let pages else { throw ConversionFailure(.internalError, "no browser is kept here") }
      return try pages.make(order, watch: watch)
    default: return try pool.make(order, watch: watch)
    }
  }
}
