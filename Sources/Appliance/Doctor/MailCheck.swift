import Basics
import Outbound
import Outbox

/// Looks whether the mail server would take mail: greeting, encryption, and the user's name and password.
struct MailCheck {
  static let timeLimit = Duration.seconds(20)

  let settings: Settings

  /// Nil when mail is not set up at all.
  func finding() -> Finding? {
    let isServerSet = !settings.text(.smtpURL).isEmpty
    let isSenderSet = !settings.text(.mailFrom).isEmpty
    guard isServerSet || isSenderSet else { return nil }
    guard let route = MailRoute(settings) else {
      let (there, missing) = isServerSet ? (Setting.smtpURL, Setting.mailFrom) : (.mailFrom, .smtpURL)
      return Finding(.broken, "mail", "\(there.name) is set and \(missing.name) is not; without both no mail is sent")
    }
    let login = route.server.user.map { ", signed in as \($0)" } ?? ""
    guard let reply = ask(route) else { return Finding(.broken, "mail", "\(LibraryFailure())") }
    if let failure = reply.failure {
      let detail = failure.detail.isEmpty ? "" : " (\(failure.detail))"
      return Finding(.broken, "mail", "\(route.server): \(failure)\(detail)")
    }
    guard (200...299).contains(reply.status) else {
      return Finding(.broken, "mail", "\(route.server) answers with status \(reply.status)")
    }
    return Finding(
      .ok, "mail",
      "\(route.server) answers\(login); mail comes from \(route.sender.address); `wonder admin mail test ADDRESS` sends one"
    )
  }

  private func ask(_ route: MailRoute) -> OutboundReply? {
    try? Client(AddressGuard(settings), connections: 1).reply(
      to: OutboundMail(
        server: route.server, from: route.sender.address, to: nil, message: [], timeLimit: MailCheck.timeLimit))
  }
}
