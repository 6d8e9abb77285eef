/// What came of a request: a status with the beginning of the answer, or why there is none.
package struct OutboundReply: Sendable {
  /// 0 when no answer came.
  package let status: Int
  /// The first bytes of the body, at most `Transfer.longestPreview`, or all that was read.
  package let preview: [UInt8]
  /// The time that a Retry-After field asks for.
  package let retryAfter: Duration?
  package let failure: OutboundFailure?
  package let duration: Duration
  /// Where a redirect leads, made absolute.
  package var redirect: String?
  /// Bytes of the file that was downloaded, with those that were there before; also when it was cut.
  package var stored: Int64 = 0
  /// The value of its Content-Disposition field, as it came.
  package var disposition: [UInt8]?
  /// The same of ETag.
  package var entityTag: [UInt8]?
  /// The same of X-Amz-Bucket-Region.
  package var region: [UInt8]?
  /// The same of X-Amz-Checksum-Sha256.
  package var checksum: [UInt8]?
  /// The same of Content-Type.
  package var contentType: [UInt8]?
  /// Those of all X-Robots-Tag fields.
  package var robots: [[UInt8]] = []

  package init(
    status: Int, preview: [UInt8] = [], retryAfter: Duration? = nil, failure: OutboundFailure? = nil,
    duration: Duration = .zero
  ) {
    self.status = status
    self.preview = preview
    self.retryAfter = retryAfter
    self.failure = failure
    self.duration = duration
  }
}
