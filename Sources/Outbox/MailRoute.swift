package import Basics
import Outbound
import Storage

/// Where mail goes out and whom it comes from.
package struct MailRoute: Sendable {
  package let server: MailServer
  package let sender: MailSender

  /// Takes WONDER_SMTP_URL and WONDER_MAIL_FROM; nil unless both are set.
  package init?(_ settings: Settings) {
    guard let server = MailServer(settings.text(.smtpURL)), let sender = MailSender(settings.text(.mailFrom)) else {
      return nil
    }
    self.init(server: server, sender: sender)
  }

  package init(server: MailServer, sender: MailSender) {
    self.server = server
    self.sender = sender
  }

  /// The mail of a delivery; its sender and identifier come in front of what was written with it.
  func mail(_ delivery: DueDelivery, timeLimit: Duration) -> OutboundMail {
    let name = sender.name.isEmpty ? "" : EncodedWord.name(sender.name) + " "
    let head = "From: \(name)<\(sender.address)>\r\nMessage-ID: <\(delivery.eventID)@\(sender.domain)>\r\n"
    return OutboundMail(
      server: server, from: sender.address, to: String(delivery.url.dropFirst("mailto:".count)),
      message: Array(head.utf8) + delivery.body, timeLimit: timeLimit)
  }
}
