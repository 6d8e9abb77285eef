import CCurl

/// A handle of libcurl with what it is used for; `Transfer` and `MailTransfer` are all there are.
protocol Exchange: AnyObject {
  var handle: UnsafeMutableRawPointer { get }
  /// What the caller knows the request by.
  var tag: Int64 { get }
  /// What the ended exchange brought.
  func reply(_ code: CURLcode) -> OutboundReply
}
