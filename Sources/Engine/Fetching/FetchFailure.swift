import Basics
import Outbound

/// Why a file could not be fetched, in words for whoever asked for it.
struct FetchFailure: Error, Equatable {
  enum Kind: String, CaseIterable {
    case status = "download_status"
    case connect = "download_connect"
    case tls = "download_tls"
    case timeout = "download_timeout"
    case lost = "download_lost"
    case tooLarge = "download_too_large"
    case redirect = "download_redirect"
    case empty = "download_empty"
    case wrongType = "download_wrong_type"
    case denied = "download_denied"
    case missing = "download_missing"
    case clock = "download_clock"
    case damaged = "download_damaged"
    case overQuota = "download_over_quota"
    case diskFull = "download_disk_full"
    case failed = "download_failed"
  }

  let kind: Kind
  /// Follows the name of the file.
  let text: String
  /// What only the operator may know; else the text.
  let detail: String

  init(_ kind: Kind, _ text: String, detail: String? = nil) {
    self.kind = kind
    self.text = text
    self.detail = detail ?? text
  }

  /// The workspace may keep so many bytes of files.
  static func overQuota(_ most: Int64) -> FetchFailure {
    FetchFailure(.overQuota, "cannot be kept: the workspace may store \(most) bytes of files")
  }

  /// What an answer means of a place that only credentials open; nil when the file is there.
  ///
  /// A redirect leads nowhere, for the credentials were given for that place.
  init?(_ reply: OutboundReply, at place: CloudPlace, mostBytes: Int64) {
    if [.fileTooLarge, .notStored, .timeout, .tls].contains(reply.failure?.kind) {
      self.init(reply, mostBytes: mostBytes)
    } else if let trouble = CloudTrouble(reply, at: place) {
      let kind: Kind =
        switch trouble.kind {
        case .denied: .denied
        case .missing, .forgotten: .missing
        case .clock: .clock
        case .status: .status
        case .unreached: .connect
        case .lost: .lost
        }
      self.init(kind, "could not be fetched: \(trouble.text)", detail: trouble.detail)
    } else {
      self.init(reply, mostBytes: mostBytes)
    }
  }

  /// What a reply means that is no redirect; nil when the file is there.
  init?(_ reply: OutboundReply, mostBytes: Int64) {
    if let failure = reply.failure {
      let text = "could not be fetched: \(failure.kind.rawValue)"
      let detail = failure.detail.isEmpty ? text : "\(failure): \(failure.detail)"
      switch failure.kind {
      case _ where Unreached.includes(failure):
        self.init(.connect, "could not be fetched: \(Unreached.words)", detail: detail)
      case .tls: self.init(.tls, text, detail: detail)
      case .timeout: self.init(.timeout, "could not be fetched: it took longer than it may", detail: detail)
      case .disconnected: self.init(.lost, text, detail: detail)
      case .fileTooLarge: self.init(.tooLarge, "is larger than the \(mostBytes) bytes that a file may have")
      default: self.init(.failed, text, detail: detail)
      }
    } else if reply.status / 100 != 2 {
      self.init(.status, "could not be fetched: its server answered with status \(reply.status)")
    } else if reply.stored == 0 {
      self.init(.empty, "could not be fetched: its server sent an empty file")
    } else {
      return nil
    }
  }

  /// What is wrong with following a redirect; nil when nothing is.
  static func problem(of address: String, after earlier: String, redirects: Int) -> FetchFailure? {
    if redirects >= Fetcher.mostRedirects {
      return FetchFailure(.redirect, "could not be fetched: more than \(Fetcher.mostRedirects) redirects")
    }
    if let problem = WebhookAddress.problem(of: address) {
      return FetchFailure(.redirect, "could not be fetched: it was redirected to an address that \(problem)")
    }
    if earlier.lowercased().hasPrefix("https:"), !address.lowercased().hasPrefix("https:") {
      return FetchFailure(.redirect, "could not be fetched: it was redirected from https to http")
    }
    return nil
  }

  func ofFile(_ name: String) -> JobFailure { JobFailure(kind.rawValue, "\(name) \(text)") }
}
