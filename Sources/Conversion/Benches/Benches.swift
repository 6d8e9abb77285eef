package import Formats

/// All benches there are: a step goes to the one that its maker needs.
package struct Benches: Bench {
  private let pool: any Bench
  private let tools: any Bench

  package init(pool: any Bench, tools: any Bench) {
    self.pool = pool
    self.tools = tools
  }

  package func make(_ order: Order, watch: Watch) throws(ConversionFailure) -> [MadeFile] {
    try (order.step.maker is any Tool ? tools : pool).make(order, watch: watch)
  }
}
