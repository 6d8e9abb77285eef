import Basics
import CCurl
import Glibc

/// One easy handle with its limits, used for one request after the other; nothing else makes a handle.
///
/// A class, because libcurl's callbacks need an address that stays; one thread uses it at a time.
final class Transfer: Exchange {
  /// Header and body together; what is longer is not read further.
  static let longestAnswer = 64 << 10
  static let longestPreview = 2 << 10
  private static let longestRetryAfter: Int64 = 10 * 365 * 86_400
  /// A download that is slower than this many bytes a second for so many seconds has ended.
  private static let slowest = (bytes: 100, seconds: 30)
  private static let longestConnect = 10_000

  let handle: UnsafeMutableRawPointer
  private let callbacks: UnsafeMutablePointer<ccurl_callbacks>
  private let addresses: AddressGuard
  private var lines: UnsafeMutablePointer<curl_slist>?
  private let upload: UnsafeMutablePointer<ccurl_upload>

  /// What the caller knows the request by.
  private(set) var tag: Int64 = 0
  private var objection: AddressGuard.Objection?
  private var hasOpened = false
  private var received = 0
  private var isHeaderTooLarge = false
  private var isBodyCut = false
  private var preview: [UInt8] = []
  private var longestKept = Transfer.longestPreview
  private var download: Download?
  private var stored: Int64 = 0
  private var storing: OutboundFailure?
  private var disposition: [UInt8]?
  private var contentType: [UInt8]?
  private var robots: [[UInt8]] = []
  private var entityTag: [UInt8]?
  private var checksum: [UInt8]?
  private var range: [UInt8]?
  private var isCoded = false
  private var region: [UInt8]?
  /// True for a file of an FTP server.
  private var isFTP = false
  /// True while the options of its kind are those of a request that posts over HTTP, as nearly every one does.
  private var isSetForPosts = false
  /// Where its first connection has led; the second one, for the bytes, may lead to no other.
  private var firstAddress: String?

  /// Makes a handle that asks `addresses` before every connection and request; nil when memory is short.
  init?(_ addresses: AddressGuard) {
    guard let handle = ccurl_easy_init() else { return nil }
    self.handle = handle
    self.addresses = addresses
    callbacks = .allocate(capacity: 1)
    callbacks.initialize(to: ccurl_callbacks())
    upload = .allocate(capacity: 1)
    upload.initialize(to: ccurl_upload())
    callbacks.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    callbacks.pointee.guard = { context, address, port, hasConnected in
      guard let transfer = Transfer.from(context), let address else { return 0 }
      return transfer.mayDial(String(cString: address), port: Int(port), hasConnected: hasConnected != 0) ? 1 : 0
    }
    callbacks.pointee.header = { context, bytes, count in
      Transfer.from(context)?.takeHeader(UnsafeRawBufferPointer(start: bytes, count: count)) == true ? 1 : 0
    }
    callbacks.pointee.body = { context, bytes, count in
      Transfer.from(context)?.takeBody(UnsafeRawBufferPointer(start: bytes, count: count)) == true ? 1 : 0
    }
    guard setLimits() else { return nil }
  }

  deinit {
    ccurl_easy_cleanup(handle)
    ccurl_list_free(lines)
    callbacks.deallocate()
    upload.deallocate()
  }

  /// What holds for every request: one protocol, no redirects, no proxy, and nothing out of the environment.
  private func setLimits() -> Bool {
    let texts = [(CURLOPT_REDIR_PROTOCOLS_STR, "https"), (CURLOPT_PROXY, "")]
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_NETRC, 0), (CURLOPT_DISALLOW_USERNAME_IN_URL, 1), (CURLOPT_NOSIGNAL, 1),
      (CURLOPT_HTTP09_ALLOWED, 0), (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)), (CURLOPT_TCP_NODELAY, 1),
      // A name server that does not answer must not hold up the thread when the time is over.
      (CURLOPT_QUICK_EXIT, 1),
      // The connection for the bytes goes where the first one did, whatever the server says.
      (CURLOPT_FTP_SKIP_PASV_IP, 1),
    ]
    return texts.allSatisfy { ccurl_set_text(handle, $0, $1) == CURLE_OK }
      && numbers.allSatisfy { ccurl_set_number(handle, $0, $1) == CURLE_OK }
      && ccurl_set_callbacks(handle, callbacks) == CURLE_OK
  }

  /// Forgets the request, and with it what its caller holds for it; the handle waits for another one.
  func letGo() { download = nil }

  /// Readies the handle for a request; throws `OutboundFailure` for one that cannot be made.
  func prepare(_ request: OutboundRequest, tag: Int64) throws(OutboundFailure) {
    self.tag = tag
    objection = nil
    hasOpened = false
    received = 0
    isHeaderTooLarge = false
    isBodyCut = false
    preview = []
    longestKept = request.keepsWholeAnswer ? Transfer.longestAnswer : Transfer.longestPreview
    download = nil
    stored = 0
    storing = nil
    disposition = nil
    contentType = nil
    robots = []
    entityTag = nil
    checksum = nil
    range = nil
    isCoded = false
    region = nil
    firstAddress = nil
    isFTP = request.login != nil
    try setLines(request.headers)
    let limit = max(1, Int(request.timeLimit / .milliseconds(1)))
    let isSet =
      ccurl_set_text(handle, CURLOPT_URL, request.url) == CURLE_OK
      && ccurl_set_list(handle, CURLOPT_HTTPHEADER, lines) == CURLE_OK
      && ccurl_set_number(handle, CURLOPT_TIMEOUT_MS, limit) == CURLE_OK
      && setKind(of: request)
    guard isSet else { throw OutboundFailure(.invalidURL) }
  }

  /// Lists the fields as lines; throws `OutboundFailure` when one would break out of its line.
  ///
  /// libcurl sends an entry as it is (CURLOPT_HTTPHEADER), and goes through all of them for each field that it sets itself.
  /// It sets none whose name begins with X or W, so such a one stands in the entry of the field before it.
  private func setLines(_ fields: [(name: String, value: String)]) throws(OutboundFailure) {
    ccurl_list_free(lines)
    lines = nil
    var entry: [UInt8] = []
    entry.reserveCapacity(512)
    for (name, value) in fields {
      let mayJoin = name.utf8.first.map { $0 | 0x20 == 0x78 || $0 | 0x20 == 0x77 } == true
      // libcurl leaves out a field without a value, but not when it stands behind another.
      if mayJoin, value.isEmpty { continue }
      if !mayJoin { try list(&entry) } else if !entry.isEmpty { entry += [0x0D, 0x0A] }
      let start = entry.count
      entry += name.utf8
      entry += [0x3A, 0x20]
      entry += value.utf8
      guard entry[start...].allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
        throw OutboundFailure(.invalidURL, "a header field has control characters")
      }
    }
    try list(&entry)
    // An empty Expect keeps libcurl from waiting for a 100 (Continue) before a long body.
    entry += "Expect:".utf8
    try list(&entry)
  }

  /// Adds an entry to the list, and empties it.
  private func list(_ entry: inout [UInt8]) throws(OutboundFailure) {
    guard !entry.isEmpty else { return }
    entry.append(0)
    let longer = entry.withUnsafeBytes { ccurl_list_append(lines, $0.assumingMemoryBound(to: CChar.self).baseAddress) }
    guard let longer else { throw OutboundFailure(.other, "out of memory") }
    lines = longer
    entry.removeAll(keepingCapacity: true)
  }

  /// Sets what belongs to the kind of the request; one that posts finds most of it set by the one before.
  private func setKind(of request: OutboundRequest) -> Bool {
    if isSetForPosts, request.login == nil, case .post(let body) = request.purpose { return set(body) }
    isSetForPosts = false
    guard set(request.login, needsTLS: request.needsTLS), set(request.purpose) else { return false }
    if request.login == nil, case .post = request.purpose { isSetForPosts = true }
    return true
  }

  private func set(_ body: [UInt8]) -> Bool {
    body.withUnsafeBytes { ccurl_set_body(handle, $0.baseAddress ?? UnsafeRawPointer(handle), $0.count) }
      == CURLE_OK
  }

  /// With a user the protocol is FTP's, over a connection of its own; else it is HTTP.
  private func set(_ login: (user: String, password: String)?, needsTLS: Bool) -> Bool {
    let security = login == nil ? CCURL_TLS_NEVER : needsTLS ? CCURL_TLS_ALWAYS : CCURL_TLS_OFFERED
    let alone = login == nil ? 0 : 1
    return ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, login == nil ? "http,https" : "ftp") == CURLE_OK
      && ccurl_set_text(handle, CURLOPT_USERNAME, login?.user) == CURLE_OK
      && ccurl_set_text(handle, CURLOPT_PASSWORD, login?.password) == CURLE_OK
      && ccurl_set_number(handle, CURLOPT_USE_SSL, security) == CURLE_OK
      && ccurl_set_number(handle, CURLOPT_FRESH_CONNECT, alone) == CURLE_OK
      && ccurl_set_number(handle, CURLOPT_FORBID_REUSE, alone) == CURLE_OK
  }

  private func set(_ purpose: OutboundRequest.Purpose) -> Bool {
    var (connect, bytes, seconds) = (0, 0, 0)
    var (coding, method): (String?, String?)
    var makesFolders = CURLFTP_CREATE_DIR_NONE
    switch purpose {
    case .post, .ask: break
    case .download(let download):
      self.download = download
      stored = download.offset
      // Nothing coded is asked for, and what comes coded all the same is decoded (RFC 9110 section 8.4); its bytes are counted
      // as they come out.
      coding = "identity"
      (connect, bytes, seconds) = (Transfer.longestConnect, Transfer.slowest.bytes, Transfer.slowest.seconds)
    case .send:
      makesFolders = CURLFTP_CREATE_DIR_RETRY
      (connect, bytes, seconds) = (Transfer.longestConnect, Transfer.slowest.bytes, Transfer.slowest.seconds)
    case .delete: method = "DELETE"
    }
    // A handle is used again, so both purposes set the same options; zero is libcurl's own.
    let numbers = [
      (CURLOPT_CONNECTTIMEOUT_MS, connect), (CURLOPT_LOW_SPEED_LIMIT, bytes), (CURLOPT_LOW_SPEED_TIME, seconds),
      (CURLOPT_FTP_CREATE_MISSING_DIRS, Int(makesFolders.rawValue)),
    ]
    guard numbers.allSatisfy({ ccurl_set_number(handle, $0, $1) == CURLE_OK }),
      ccurl_set_text(handle, CURLOPT_ACCEPT_ENCODING, coding) == CURLE_OK,
      ccurl_set_text(handle, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK
    else { return false }
    switch purpose {
    case .post(let body): return ccurl_set_most_bytes(handle, 0) == CURLE_OK && set(body)
    case .download(let download):
      return ccurl_set_most_bytes(handle, max(1, download.mostBytes - download.offset)) == CURLE_OK
        && ccurl_set_number(handle, CURLOPT_HTTPGET, 1) == CURLE_OK
    case .send(let part):
      upload.pointee = ccurl_upload(
        bytes: nil, count: part.count, sent: 0, descriptor: part.descriptor, offset: part.offset)
      return ccurl_set_most_bytes(handle, 0) == CURLE_OK && ccurl_set_upload(handle, upload) == CURLE_OK
    case .ask, .delete:
      return ccurl_set_most_bytes(handle, 0) == CURLE_OK
        && ccurl_set_number(handle, CURLOPT_HTTPGET, 1) == CURLE_OK
    }
  }

  /// What the ended transfer brought.
  func reply(_ code: CURLcode) -> OutboundReply {
    let status = ccurl_status(handle)
    let duration = Duration.microseconds(ccurl_microseconds(handle))
    // Whoever answers with more than we read has answered.
    let hasAnswered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && isBodyCut)
    var reply: OutboundReply
    if hasAnswered, status / 100 != 2 || takesBody(status) {
      let seconds = ccurl_retry_after(handle)
      reply = OutboundReply(
        status: status, preview: preview,
        retryAfter: seconds > 0 ? .seconds(min(seconds, Transfer.longestRetryAfter)) : nil, duration: duration)
      reply.redirect = ccurl_redirect(handle).map { String(cString: $0) }
      reply.disposition = disposition
      reply.contentType = contentType
      reply.robots = robots
      reply.region = region
    } else {
      let failure = hasAnswered ? Transfer.otherPart : failure(code)
      reply = OutboundReply(status: 0, preview: preview, failure: failure, duration: duration)
    }
    reply.stored = stored
    // Both are of the bytes before they were decoded.
    reply.entityTag = isCoded ? nil : entityTag
    reply.checksum = isCoded ? nil : checksum
    return reply
  }

  private static let otherPart = OutboundFailure(.badAnswer, "not the part of the file that was asked for")

  private func takesBody(_ status: Int) -> Bool { download?.takes(status, range: range) ?? true }

  private func failure(_ code: CURLcode) -> OutboundFailure {
    if let objection, code == CURLE_ABORTED_BY_CALLBACK || (code == CURLE_COULDNT_CONNECT && !hasOpened) {
      return OutboundFailure(.addressNotAllowed, "\(objection)")
    }
    if isHeaderTooLarge { return OutboundFailure(.tooLarge) }
    if let storing { return storing }
    if isFTP, let kind = Transfer.kindOfFTP(code) {
      return OutboundFailure(kind, "\(String(cString: ccurl_sentence(code))), \(ccurl_status(handle))")
    }
    return OutboundFailure(
      OutboundFailure.kind(of: code), String(cString: ccurl_sentence(code)),
      lacksConnection: code == CURLE_OPERATION_TIMEDOUT && ccurl_has_connected(handle) == 0)
  }

  /// What a result means that has to do with FTP alone.
  private static func kindOfFTP(_ code: CURLcode) -> OutboundFailure.Kind? {
    switch code {
    case CURLE_LOGIN_DENIED: .denied
    case CURLE_REMOTE_FILE_NOT_FOUND, CURLE_FTP_COULDNT_RETR_FILE: .missing
    case CURLE_REMOTE_ACCESS_DENIED, CURLE_UPLOAD_FAILED, CURLE_REMOTE_DISK_FULL: .refused
    case CURLE_FTP_WEIRD_PASV_REPLY, CURLE_FTP_WEIRD_227_FORMAT, CURLE_FTP_CANT_GET_HOST, CURLE_FTP_ACCEPT_FAILED,
      CURLE_FTP_WEIRD_PASS_REPLY, CURLE_WEIRD_SERVER_REPLY:
      .badFTPAnswer
    default: nil
    }
  }

  private func mayDial(_ address: String, port: Int, hasConnected: Bool) -> Bool {
    if hasConnected { firstAddress = address }
    let isElsewhere = isFTP && address != firstAddress ?? address
    if let found = isElsewhere ? .elsewhere : addresses.objection(to: address, port: port) {
      objection = found
      return false
    }
    hasOpened = true
    return true
  }

  private func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    received += line.count
    entityTag = Transfer.value(of: "etag:", line) ?? entityTag
    region = Transfer.value(of: "x-amz-bucket-region:", line) ?? region
    checksum = Transfer.value(of: "x-amz-checksum-sha256:", line) ?? checksum
    if download != nil {
      range = Transfer.value(of: "content-range:", line) ?? range
      isCoded = isCoded || Transfer.value(of: "content-encoding:", line) != nil
      disposition = Transfer.value(of: "content-disposition:", line) ?? disposition
      contentType = Transfer.value(of: "content-type:", line) ?? contentType
      if let words = Transfer.value(of: "x-robots-tag:", line) { robots.append(words) }
    }
    isHeaderTooLarge = received > Transfer.longestAnswer
    return !isHeaderTooLarge
  }

  /// What stands behind the field's name and colon; nil in the line of another field.
  private static func value(of name: String, _ line: UnsafeRawBufferPointer) -> [UInt8]? {
    let name = name.utf8
    guard line.count > name.count, line.first.map({ $0 | 0x20 }) == name.first,
      zip(line, name).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
    else { return nil }
    return Array(line.dropFirst(name.count))
  }

  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if let download, isFTP || ccurl_status(handle) / 100 == 2 { return store(bytes, download) }
    received += bytes.count
    preview += bytes.prefix(longestKept - preview.count)
    isBodyCut = received > Transfer.longestAnswer
    return !isBodyCut
  }

  private func store(_ bytes: UnsafeRawBufferPointer, _ download: Download) -> Bool {
    guard takesBody(ccurl_status(handle)) else {
      storing = Transfer.otherPart
      return false
    }
    stored += Int64(bytes.count)
    guard stored <= download.mostBytes else {
      storing = OutboundFailure(.fileTooLarge)
      return false
    }
    do {
      try download.room(Int64(bytes.count))
    } catch {
      storing = OutboundFailure(.notStored, "\(error)")
      return false
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = write(download.descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        storing = OutboundFailure(.notStored, "\(SystemFailure("write", "spool"))")
        return false
      }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }
}
