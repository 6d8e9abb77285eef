import Basics
import CCurl

/// One mail on its way over SMTP to the operator's own server, which the guard of customers' addresses does not concern.
///
/// A class, because libcurl's callbacks need an address that stays; one thread uses it at a time.
final class MailTransfer: Exchange {
  /// Seconds for one answer of the server, so that its silence after a QUIT holds up other mail no longer.
  private static let longestAnswer = 30

  let handle: UnsafeMutableRawPointer
  let tag: Int64
  private let callbacks: UnsafeMutablePointer<ccurl_callbacks>
  private let upload: UnsafeMutablePointer<ccurl_upload>
  private let message: UnsafeMutablePointer<UInt8>
  private var recipients: UnsafeMutablePointer<curl_slist>?
  private var lastWords: [UInt8] = []

  /// Nil when memory is short, or an address would break out of its command.
  init?(_ mail: OutboundMail, tag: Int64) {
    let addresses = [mail.from] + (mail.to.map { [$0] } ?? [])
    // libcurl passes line ends in an address on to the server, which takes them for further commands.
    guard addresses.allSatisfy({ MailAddress.problem(of: $0) == nil }), let handle = ccurl_easy_init() else {
      return nil
    }
    self.handle = handle
    self.tag = tag
    callbacks = .allocate(capacity: 1)
    callbacks.initialize(to: ccurl_callbacks())
    message = .allocate(capacity: max(1, mail.message.count))
    message.initialize(repeating: 0, count: max(1, mail.message.count))
    message.update(from: mail.message, count: mail.message.count)
    upload = .allocate(capacity: 1)
    upload.initialize(
      to: ccurl_upload(bytes: message, count: Int64(mail.message.count), sent: 0, descriptor: -1, offset: 0))
    callbacks.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    callbacks.pointee.guard = { _, _, _, _ in 1 }
    callbacks.pointee.header = { context, bytes, count in
      MailTransfer.from(context)?.take(UnsafeRawBufferPointer(start: bytes, count: count))
      return 1
    }
    callbacks.pointee.body = { _, _, _ in 1 }
    guard set(mail) else { return nil }
  }

  deinit {
    ccurl_easy_cleanup(handle)
    ccurl_list_free(recipients)
    callbacks.deallocate()
    upload.deallocate()
    message.deallocate()
  }

  private func set(_ mail: OutboundMail) -> Bool {
    let server = mail.server
    let security =
      switch server.security {
      case .tls, .startTLS: CCURL_TLS_ALWAYS
      case .none: CCURL_TLS_NEVER
      }
    var texts = [
      (CURLOPT_PROTOCOLS_STR, "smtp,smtps"), (CURLOPT_PROXY, ""), (CURLOPT_URL, "\(server)"),
      (CURLOPT_MAIL_FROM, "<\(mail.from)>"),
    ]
    if let user = server.user, let password = server.password {
      texts += [(CURLOPT_USERNAME, user), (CURLOPT_PASSWORD, password)]
    }
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_USE_SSL, security), (CURLOPT_NETRC, 0), (CURLOPT_NOSIGNAL, 1), (CURLOPT_QUICK_EXIT, 1),
      (CURLOPT_FRESH_CONNECT, 1), (CURLOPT_FORBID_REUSE, 1),
      (CURLOPT_SERVER_RESPONSE_TIMEOUT, MailTransfer.longestAnswer),
      (CURLOPT_TIMEOUT_MS, max(1, Int(mail.timeLimit.milliseconds))),
    ]
    guard texts.allSatisfy({ ccurl_set_text(handle, $0, $1) == CURLE_OK }),
      numbers.allSatisfy({ ccurl_set_number(handle, $0, $1) == CURLE_OK }),
      ccurl_set_callbacks(handle, callbacks) == CURLE_OK
    else { return false }
    guard let to = mail.to else {
      return ccurl_set_text(handle, CURLOPT_CUSTOMREQUEST, "NOOP") == CURLE_OK
        && ccurl_set_number(handle, CURLOPT_NOBODY, 1) == CURLE_OK
    }
    recipients = ccurl_list_append(nil, "<\(to)>")
    return recipients != nil && ccurl_set_list(handle, CURLOPT_MAIL_RCPT, recipients) == CURLE_OK
      && ccurl_set_upload(handle, upload) == CURLE_OK
  }

  func reply(_ code: CURLcode) -> OutboundReply {
    let duration = Duration.microseconds(ccurl_microseconds(handle))
    let status = ccurl_status(handle)
    // What the server refuses is its answer; a refused name and password are the operator's to mend, so they are not.
    if code == CURLE_OK || MailTransfer.refusals.contains(code) && (400...599).contains(status) {
      return OutboundReply(status: status, preview: lastWords, duration: duration)
    }
    let kind: OutboundFailure.Kind =
      code == CURLE_LOGIN_DENIED
      ? .login : code == CURLE_WEIRD_SERVER_REPLY ? .badMailAnswer : OutboundFailure.kind(of: code)
    return OutboundReply(
      status: 0, preview: lastWords, failure: OutboundFailure(kind, String(cString: ccurl_sentence(code))),
      duration: duration)
  }

  private static let refusals = [
    CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_WEIRD_SERVER_REPLY, CURLE_REMOTE_ACCESS_DENIED,
  ]

  /// Keeps the server's last answer, but for its goodbye.
  private func take(_ line: UnsafeRawBufferPointer) {
    if line.starts(with: Array("221".utf8)) { return }
    lastWords = Array(line.prefix(Transfer.longestPreview))
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> MailTransfer? {
    context.map { Unmanaged<MailTransfer>.fromOpaque($0).takeUnretainedValue() }
  }
}
