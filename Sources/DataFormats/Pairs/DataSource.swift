/// A document that can be told as often as it is asked for.
protocol DataSource {
  func tell(_ sink: inout some DataSink) throws
}

/// A tree that has been read.
extension DataValue: DataSource {}

/// A document of a format, which is read each time.
struct DataFile: DataSource {
  let feed: ByteFeed
  let format: DataFormat
  let options: DataOptions
  let limits: DataLimits

  func tell(_ sink: inout some DataSink) throws { try format.read(feed, options, limits, into: &sink) }
}
