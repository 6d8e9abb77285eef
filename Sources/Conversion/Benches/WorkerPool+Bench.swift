package import Formats

extension WorkerPool: Bench {
  package func make(_ order: Order, watch: Watch) throws(ConversionFailure) -> [MadeFile] {
    let outcome = try convert(
      order.conversion, files: order.files, owner: order.owner, timeLimit: order.timeLimit,
      mostBytes: order.mostBytes, isWide: order.isWide, yields: order.yields, progress: watch.progress,
      isCanceled: watch.isCanceled)
    if let list = outcome.list { return try PartSplitter(outcome, list: list, order).files() }
    return [MadeFile(descriptor: order.files.output, outcome: outcome)]
  }
}
