extension Setting {
  package static let smtpURL = Setting(
    "WONDER_SMTP_URL", .mailServer, "", "the mail server as smtp://user:password@host:587, or smtps:// for port 465",
    isSecret: true)
  package static let mailFrom = Setting(
    "WONDER_MAIL_FROM", .mailSender, "", "the sender of mail, as name@example.com or Name <name@example.com>")

  /// What sending mail needs; without both there is none.
  package static let mail: [Setting] = [smtpURL, mailFrom]
}
