/// Mail to a person about their access; its secrets are in no other mail and in no listing.
package struct PersonalMail: Sendable {
  /// What lists of deliveries call it.
  let event: String
  private let title: String
  private let isGood: Bool
  private let paragraphs: [String]
  private let code: String?
  private let link: String?

  /// A request for access was approved; the key is shown this once.
  static func approved(workspace: String, plan: String, key: String, home: String) -> PersonalMail {
    PersonalMail(
      event: "access.approved", title: "Your access is approved", isGood: true,
      paragraphs: [
        "The workspace \(workspace) is ready, on the plan \(plan).",
        "This is its first API key. It is not stored and cannot be shown again, so keep it safe, and delete this mail.",
      ], code: key, link: home)
  }

  static func rejected(company: String, reason: String) -> PersonalMail {
    PersonalMail(
      event: "access.rejected", title: "Your request for access was declined", isGood: false,
      paragraphs: ["The request for \(company) was declined.", "Reason: \(reason)"], code: nil, link: nil)
  }

  static func password(link: String) -> PersonalMail {
    PersonalMail(
      event: "user.password-link", title: "Choose your password", isGood: true,
      paragraphs: [
        "This link lets you choose a password. It works once, and for seven days.",
        "Nothing changes if you do not use it.",
      ], code: nil, link: link)
  }

  static func forgotten(link: String) -> PersonalMail {
    PersonalMail(
      event: "user.password-forgotten", title: "Choose a new password", isGood: true,
      paragraphs: [
        "Somebody, perhaps you, has asked for a new password for this address. This link works once, and for one hour.",
        "If it was not you, there is nothing to do: your password stays as it is.",
      ], code: nil, link: link)
  }

  static func test(home: String) -> PersonalMail {
    PersonalMail(
      event: "mail.test", title: "Mail works", isGood: true,
      paragraphs: ["This server can send mail.", "An operator has asked for this one; there is nothing to do."],
      code: nil, link: home)
  }

  var text: MailText {
    let values: [String: MailTemplate.Value] = [
      "title": .text(title), "colour": .text(MailText.colour(isGood: isGood)),
      "paragraphs": .rows(paragraphs.map { ["text": .text($0)] }), "code": .text(code ?? ""),
      "link": .text(link ?? ""),
    ]
    return MailText(
      subject: title, text: MailTemplate(embedded: "notice.txt").filled(values),
      html: MailTemplate(embedded: "notice.html").filled(values))
  }
}
