import Basics
import Outbound

/// How a file of a place elsewhere fares over several tries, and how much of it is there.
struct FetchTries {
  private static let longestPause = Duration.seconds(30)
  private static let longestTag = 256

  private var failures = 0
  private var mayContinue = true
  private var firstChecksum: [UInt8]?
  /// What has come of it, and the next try goes on behind; 0 for one that begins anew.
  private(set) var bytes: Int64 = 0
  /// What the store calls the object that they are of.
  private(set) var tag: String?
  /// When the next try begins, on the monotonic clock; nil while one is under way.
  var dueAt: Int64?

  /// How long to wait before the next try; nil when there is none.
  mutating func pause(after reply: OutboundReply, _ trouble: CloudTrouble, _ pauses: [Duration]) -> Duration? {
    // The object is another one by now, or this store knows no parts of objects.
    let isRefused = bytes > 0 && ([412, 416].contains(reply.status) || reply.failure?.kind == .badAnswer)
    guard isRefused || (trouble.mayPassSoon && ![.tls, .notStored, .fileTooLarge].contains(reply.failure?.kind))
    else { return nil }
    if isRefused { mayContinue = false }
    if bytes == 0 { (tag, firstChecksum) = (FetchTries.strong(reply.entityTag), reply.checksum) }
    if mayContinue, tag != nil, reply.stored > 0 {
      if reply.stored > bytes { failures = 0 }
      bytes = reply.stored
    } else {
      (bytes, tag, firstChecksum) = (0, nil, nil)
    }
    failures += 1
    guard failures <= pauses.count else { return nil }
    if isRefused { return pauses[0] }
    return max(pauses[failures - 1], min(reply.retryAfter ?? .zero, FetchTries.longestPause))
  }

  /// The checksum of the whole object: with the rest of one a store may say that of a part.
  func checksum(_ last: OutboundReply) -> [UInt8]? { bytes > 0 ? firstChecksum : last.checksum }

  /// A tag that two versions never share (RFC 9110 section 8.8.1); nil for others.
  private static func strong(_ field: [UInt8]?) -> String? {
    let text = String(decoding: field ?? [], as: UTF8.self).filter { $0.isASCII && $0 > " " }
    return text.hasPrefix("\"") && text.utf8.count <= longestTag ? text : nil
  }
}
