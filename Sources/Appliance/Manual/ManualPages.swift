import Basics

/// The pages of the manual, made from the lists of commands and settings.
package enum ManualPages {
  /// Their names as `wonder manpage` takes them, with the file each belongs into.
  static let all: [(name: String, file: String, make: @Sendable ([Command]) -> String)] = [
    ("wonder", "wonder.1", { wonder($0) }),
    ("wonder.conf", "wonder.conf.5", { _ in settings() }),
    ("wonder-admin", "wonder-admin.8", { admin($0) }),
  ]

  /// The page with a name, or nil.
  package static func page(_ name: String, of commands: [Command]) -> String? {
    all.first { $0.name == name }?.make(commands)
  }

  private static func wonder(_ commands: [Command]) -> String {
    var page = ManualPage("wonder", section: 1, summary: "self-hosted file conversion")
    page.section("SYNOPSIS")
    page.text(bold: "wonder", italic: "COMMAND [options]")
    page.section("DESCRIPTION")
    page.paragraph(
      "wonder converts files: over HTTP, from a queue that loses nothing, in sandboxed processes. One program is the "
        + "server, its worker processes and the commands; one data directory has everything that it keeps.")
    page.section("COMMANDS")
    describe(commands.filter { !$0.isHidden && $0.words[0] != "admin" }, in: &page)
    page.item("wonder admin", "...", "looks after a data directory; see wonder-admin(8).")
    page.section("SETTINGS")
    page.paragraph(
      "Every setting of wonder.conf(5) is a flag of every command, too: WONDER_MAX_UPLOAD is --max-upload. A flag wins "
        + "over the environment, which wins over the file.")
    page.item("--config", "FILE", "the settings file instead of \(SettingsSource.standardPath)")
    page.item(
      "--help-settings", "", "after a command: its help with all settings that it takes; --help has the command's own")
    signals(&page)
    page.section("EXIT STATUS")
    page.paragraph("0 done, 1 failed, 2 wrong usage.")
    page.section("FILES")
    page.item(SettingsSource.standardPath, "", "the settings; read by every command when it exists and can be read")
    page.item("/var/lib/wonder", "", "the data directory of the Debian package")
    page.section("SEE ALSO")
    page.paragraph("wonder.conf(5), wonder-admin(8), /usr/share/doc/wonder")
    return page.text
  }

  private static func signals(_ page: inout ManualPage) {
    page.section("SIGNALS")
    page.item(
      "SIGTERM, SIGINT", "", "wonder serve takes nothing new, lets what runs end for up to 40 seconds, and ends.")
    page.item("SIGHUP", "", "wonder serve reads WONDER_LOG_LEVEL again.")
    page.item(
      "SIGTERM, SIGINT", "", "wonder watch takes no more files and lets what runs end; a second SIGINT does not wait.")
    page.item("SIGHUP", "", "wonder watch reads its --rules again; a file that is wrong changes nothing.")
  }

  private static func admin(_ commands: [Command]) -> String {
    var page = ManualPage("wonder-admin", section: 8, summary: "looks after a wonder data directory")
    page.section("SYNOPSIS")
    page.text(bold: "wonder admin", italic: "COMMAND [options]")
    page.section("DESCRIPTION")
    page.paragraph(
      "The admin commands work beside a running server, over wonder.sock in its data directory, and without one. They "
        + "are for root and for the owner of the data directory; as root they act as that owner, so that no file of "
        + "root's appears in it. Every listing takes --json.")
    page.section("COMMANDS")
    describe(commands.filter { !$0.isHidden && $0.words[0] == "admin" }, in: &page)
    page.section("EXIT STATUS")
    page.paragraph("0 done, 1 failed, 2 wrong usage.")
    page.section("SEE ALSO")
    page.paragraph("wonder(1), wonder.conf(5)")
    return page.text
  }

  private static func describe(_ commands: [Command], in page: inout ManualPage) {
    for command in commands {
      page.subsection("wonder \(command.name)" + (command.operands.isEmpty ? "" : " \(command.operands)"))
      page.paragraph(command.summary)
      for option in command.options { page.item(option.name, option.value ?? "", option.summary) }
      if !command.examples.isEmpty { page.example(command.examples) }
    }
  }

  private static func settings() -> String {
    var page = ManualPage("wonder.conf", section: 5, summary: "settings of wonder")
    page.section("DESCRIPTION")
    page.paragraph(
      "\(SettingsSource.standardPath) has lines NAME=VALUE; blank lines and lines that begin with # or ; say nothing. "
        + "A value may stand in quotes. A name that does not exist and a value out of range stop the start, with the "
        + "line and what is valid. `wonder settings` shows what is in effect and where it comes from.")
    page.paragraph(
      "Sizes take KB, MB and GB (of 1024), times s, m, h and d, numbers K and M. A secret may stand in a file of its "
        + "own: WONDER_SMTP_URL_FILE=/path instead of WONDER_SMTP_URL=value.")
    page.section("SETTINGS")
    for setting in Setting.all {
      let standard = setting.standard.isEmpty ? "none" : setting.standard
      page.item(setting.name, "", "\(setting.summary). Expects \(setting.expectation). Default: \(standard).")
    }
    page.section("SEE ALSO")
    page.paragraph("wonder(1), wonder-admin(8)")
    return page.text
  }
}
