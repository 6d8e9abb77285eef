import Basics

/// The command `wonder settings`.
enum SettingsCommand {
  static let command = Command(
    "settings", "shows every setting: its value, where it comes from, its default", options: [AdminCommands.json],
    examples: ["wonder settings", "wonder settings --config /etc/wonder/wonder.conf --json"]
  ) { call in
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
}
