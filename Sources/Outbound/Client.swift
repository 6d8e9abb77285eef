import Basics
import CCurl

/// Makes many requests at once on the thread that calls it, over libcurl's multi interface.
///
/// `@unchecked Sendable`: it holds C handles that one thread uses; only `wake`, which libcurl allows, may come from others.
package final class Client: @unchecked Sendable {
  /// A request that has ended.
  package struct Ended: Sendable {
    package let tag: Int64
    package let reply: OutboundReply
  }

  /// libcurl is loaded and set up once in a process, before its first handle.
  private static let isReady = ccurl_start() == CURLE_OK

  private let addresses: AddressGuard
  private let multi: UnsafeMutableRawPointer
  private var idle: [Transfer] = []
  private var running: [UnsafeMutableRawPointer: any Exchange] = [:]
  /// Requests that ended before they began.
  private var refused: [Ended] = []

  /// `connections` is how many are kept open for later requests; throws `LibraryFailure` without libcurl.
  package init(_ addresses: AddressGuard, connections: Int) throws {
    guard Client.isReady, let multi = ccurl_multi_init() else { throw LibraryFailure() }
    self.addresses = addresses
    self.multi = multi
    ccurl_multi_set_number(multi, CURLMOPT_MAXCONNECTS, connections)
  }

  deinit {
    for transfer in running.values { ccurl_multi_remove(multi, transfer.handle) }
    running = [:]
    idle = []
    ccurl_multi_cleanup(multi)
  }

  /// How many requests are under way.
  package var count: Int { running.count }

  /// Begins a request; it comes back from `poll` under its tag, whatever becomes of it.
  package func start(_ request: OutboundRequest, tag: Int64) {
    guard let transfer = idle.popLast() ?? Transfer(addresses) else {
      refused.append(
        Ended(tag: tag, reply: OutboundReply(status: 0, failure: OutboundFailure(.other, "out of memory"))))
      return
    }
    do throws(OutboundFailure) {
      try transfer.prepare(request, tag: tag)
      guard ccurl_multi_add(multi, transfer.handle) == CURLM_OK else { throw OutboundFailure(.other) }
      running[transfer.handle] = transfer
    } catch {
      refused.append(Ended(tag: tag, reply: OutboundReply(status: 0, failure: error)))
      keep(transfer)
    }
  }

  /// Begins to send a mail; what becomes of it comes back as that of a request does.
  package func start(_ mail: OutboundMail, tag: Int64) {
    guard let transfer = MailTransfer(mail, tag: tag), ccurl_multi_add(multi, transfer.handle) == CURLM_OK else {
      refused.append(Ended(tag: tag, reply: OutboundReply(status: 0, failure: OutboundFailure(.invalidAddress))))
      return
    }
    running[transfer.handle] = transfer
  }

  /// Ends a request that is under way; nothing comes of it.
  package func cancel(tag: Int64) {
    guard let (handle, transfer) = running.first(where: { $0.value.tag == tag }) else { return }
    ccurl_multi_remove(multi, handle)
    running[handle] = nil
    keep(transfer)
  }

  /// Moves all requests on and gives those that have ended; waits for the first one at most `longest`, or until `wake`.
  package func poll(longest: Duration) -> [Ended] {
    let ended = advance()
    guard ended.isEmpty else { return ended }
    ccurl_multi_wait(multi, Int32(clamping: longest.milliseconds))
    return advance()
  }

  /// Lets the present or next `poll` return at once; any thread may call it.
  package func wake() {
    ccurl_multi_wake(multi)
  }

  private func advance() -> [Ended] {
    ccurl_multi_perform(multi)
    var ended = refused
    refused = []
    var code = CURLE_OK
    while let handle = ccurl_multi_next(multi, &code) {
      ccurl_multi_remove(multi, handle)
      guard let transfer = running.removeValue(forKey: handle) else { continue }
      ended.append(Ended(tag: transfer.tag, reply: transfer.reply(code)))
      keep(transfer)
    }
    return ended
  }

  private func keep(_ exchange: any Exchange) {
    guard let transfer = exchange as? Transfer else { return }
    transfer.letGo()
    idle.append(transfer)
  }
}
