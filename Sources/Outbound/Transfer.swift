import CCurl

/// One easy handle with its limits, used for one request after the other; nothing else makes a handle.
///
/// A class, because libcurl's callbacks need an address that stays; one thread uses it at a time.
final class Transfer {
  /// Header and body together; what is longer is not read further.
  static let longestAnswer = 64 << 10
  static let longestPreview = 2 << 10
  private static let longestRetryAfter: Int64 = 10 * 365 * 86_400

  let handle: UnsafeMutableRawPointer
  private let callbacks: UnsafeMutablePointer<ccurl_callbacks>
  private let addresses: AddressGuard
  private var lines: UnsafeMutablePointer<curl_slist>?

  /// What the caller knows the request by.
  private(set) var tag: Int64 = 0
  private var objection: AddressGuard.Objection?
  private var hasOpened = false
  private var received = 0
  private var isHeaderTooLarge = false
  private var isBodyCut = false
  private var preview: [UInt8] = []

  /// Makes a handle that asks `addresses` before every connection and request; nil when memory is short.
  init?(_ addresses: AddressGuard) {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    self.addresses = addresses
    callbacks = .allocate(capacity: 1)
    callbacks.initialize(to: ccurl_callbacks())
    callbacks.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    callbacks.pointee.guard = { context, address, port in
      guard let transfer = Transfer.from(context), let address else { return 0 }
      return transfer.mayDial(String(cString: address), port: Int(port)) ? 1 : 0
    }
    callbacks.pointee.header = { context, _, count in Transfer.from(context)?.takeHeader(count) == true ? 1 : 0 }
    callbacks.pointee.body = { context, bytes, count in
      Transfer.from(context)?.takeBody(UnsafeRawBufferPointer(start: bytes, count: count)) == true ? 1 : 0
    }
    guard setLimits() else { return nil }
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(lines)
    callbacks.deallocate()
  }

  /// What holds for every request: two schemes, no redirects, no proxy, and nothing out of the environment.
  private func setLimits() -> Bool {
    let texts = [(CURLOPT_PROTOCOLS_STR, "http,https"), (CURLOPT_REDIR_PROTOCOLS_STR, "https"), (CURLOPT_PROXY, "")]
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_NETRC, 0), (CURLOPT_DISALLOW_USERNAME_IN_URL, 1), (CURLOPT_NOSIGNAL, 1),
      (CURLOPT_HTTP09_ALLOWED, 0), (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)), (CURLOPT_TCP_NODELAY, 1),
      // A name server that does not answer must not hold up the thread when the time is over.
      (CURLOPT_QUICK_EXIT, 1),
    ]
    return texts.allSatisfy { ccurl_set_text(handle, $0, $1) == CURLE_OK }
      && numbers.allSatisfy { ccurl_set_number(handle, $0, $1) == CURLE_OK }
      && ccurl_set_callbacks(handle, callbacks) == CURLE_OK
  }

  /// Readies the handle for a request; throws `OutboundFailure` for one that cannot be made.
  func prepare(_ request: OutboundRequest, tag: Int64) throws(OutboundFailure) {
    self.tag = tag
    objection = nil
    hasOpened = false
    received = 0
    isHeaderTooLarge = false
    isBodyCut = false
    preview = []
    guard let texts = request.lines else { throw OutboundFailure(.invalidURL, "a header field has control characters") }
    curl_slist_free_all(lines)
    lines = nil
    for text in texts {
      guard let longer = curl_slist_append(lines, text) else { throw OutboundFailure(.other, "out of memory") }
      lines = longer
    }
    let limit = max(1, Int(request.timeLimit / .milliseconds(1)))
    let isSet =
      ccurl_set_text(handle, CURLOPT_URL, request.url) == CURLE_OK
      && ccurl_set_list(handle, CURLOPT_HTTPHEADER, lines) == CURLE_OK
      && ccurl_set_number(handle, CURLOPT_TIMEOUT_MS, limit) == CURLE_OK
      && request.body.withUnsafeBytes { ccurl_set_body(handle, $0.baseAddress ?? UnsafeRawPointer(handle), $0.count) }
        == CURLE_OK
    guard isSet else { throw OutboundFailure(.invalidURL) }
  }

  /// What the ended transfer brought.
  func reply(_ code: CURLcode) -> OutboundReply {
    let status = ccurl_status(handle)
    let duration = Duration.microseconds(ccurl_microseconds(handle))
    // Whoever answers with more than we read has answered.
    if code == CURLE_OK || (code == CURLE_WRITE_ERROR && isBodyCut) {
      let seconds = ccurl_retry_after(handle)
      return OutboundReply(
        status: status, preview: preview,
        retryAfter: seconds > 0 ? .seconds(min(seconds, Transfer.longestRetryAfter)) : nil, duration: duration)
    }
    return OutboundReply(status: 0, preview: preview, failure: failure(code), duration: duration)
  }

  private func failure(_ code: CURLcode) -> OutboundFailure {
    if let objection, code == CURLE_ABORTED_BY_CALLBACK || (code == CURLE_COULDNT_CONNECT && !hasOpened) {
      return OutboundFailure(.addressNotAllowed, "\(objection)")
    }
    if isHeaderTooLarge { return OutboundFailure(.tooLarge) }
    return OutboundFailure(OutboundFailure.kind(of: code), String(cString: curl_easy_strerror(code)))
  }

  private func mayDial(_ address: String, port: Int) -> Bool {
    if let found = addresses.objection(to: address, port: port) {
      objection = found
      return false
    }
    hasOpened = true
    return true
  }

  private func takeHeader(_ count: Int) -> Bool {
    received += count
    isHeaderTooLarge = received > Transfer.longestAnswer
    return !isHeaderTooLarge
  }

  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    received += bytes.count
    preview += bytes.prefix(Transfer.longestPreview - preview.count)
    isBodyCut = received > Transfer.longestAnswer
    return !isBodyCut
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }
}
