package import Basics

/// One mail to one recipient, or without a recipient the question whether the server would take any.
package struct OutboundMail: Sendable {
  package let server: MailServer
  package let from: String
  package let to: String?
  /// Header and body with CRLF at the end of lines (RFC 5322); leading dots are doubled on the way.
  package let message: [UInt8]
  /// For the whole exchange, from the look-up of the name to the server's last word.
  package let timeLimit: Duration

  package init(server: MailServer, from: String, to: String?, message: [UInt8], timeLimit: Duration) {
    self.server = server
    self.from = from
    self.to = to
    self.message = message
    self.timeLimit = timeLimit
  }
}
