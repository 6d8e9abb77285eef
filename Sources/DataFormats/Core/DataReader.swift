/// Reads a whole document of one format and tells its values.
///
/// Throws `DataFault` where the text is at fault, `SystemFailure` where the file is, and what the sink throws.
package protocol DataReader {
  func read(_ feed: ByteFeed, into sink: inout some DataSink) throws
}
