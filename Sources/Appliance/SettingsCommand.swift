import Basics

/// The command `wonder settings`.
enum SettingsCommand {
  static let command = Command(
    "settings", "shows every setting: its value, where it comes from, its default",
    options: [
      .init("--file", nil, "print a settings file with every setting: the defaults commented out, the others set"),
      AdminCommands.json,
    ],
    examples: [
      "wonder settings", "wonder settings --config /etc/wonder/wonder.conf --json",
      "wonder settings --file --data /srv/wonder",
    ]
  ) { call in
    if call["--file"] != nil {
      call.console.out(file(call.settings))
      return .done
    }
    let rows = JSONValue.array(
      Setting.all.map { setting in
        let entry = call.settings.entry(setting)
        let value = setting.isSecret && !entry.value.isEmpty ? "(hidden)" : entry.value
        return .object([
          ("name", .string(setting.name)), ("value", .string(value)), ("source", .string(entry.source.rawValue)),
          ("default", .string(setting.standard)), ("summary", .string(setting.summary)),
        ])
      })
    if call["--json"] != nil {
      call.console.out(rows.text)
    } else {
      let columns: [Printing.Column] = [
        .init("SETTING", "name"), .init("VALUE", "value"), .init("FROM", "source"), .init("DEFAULT", "default"),
        .init("", "summary"),
      ]
      Printing.table(rows, columns, to: call.console)
    }
    return .done
  }

  /// A settings file that leaves everything as it is; secrets are never written into it.
  private static func file(_ settings: Settings) -> String {
    let head = """
      # Settings of wonder; wonder.conf(5) describes them, `wonder settings` shows those in effect.
      # A line that begins with # says nothing: what stands behind it is the default.
      # A change counts after `systemctl restart wonder`; WONDER_LOG_LEVEL after `systemctl reload wonder`.
      """
    let entries = Setting.all.map { setting in
      let entry = settings.entry(setting)
      let isDefault = entry.source == .standard || setting.isSecret
      let line = isDefault ? "#\(setting.name)=\(setting.standard)" : "\(setting.name)=\(entry.value)"
      return "# \(setting.summary)\n# (\(setting.expectation))\n\(line)"
    }
    return ([head] + entries).joined(separator: "\n\n")
  }
}
