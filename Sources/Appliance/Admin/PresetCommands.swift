import Basics

/// The `admin` commands about presets.
enum PresetCommands {
  static let all: [Command] = [
    AdminCommands.listing(
      "admin presets", "lists the presets of a workspace", operands: "SLUG",
      path: { call in "/presets" + AdminCommands.query([("workspace", call.operands[0])]) }, member: "presets",
      columns: [.init("NAME", "name"), .init("TO", "to"), .init("OPTIONS", "text"), .init("SINCE", "created_at")],
      examples: ["wonder admin presets acme"]),
    AdminCommands.record(
      "admin preset set", "adds a preset, or changes the one of that name",
      operands: "SLUG NAME FORMAT [OPTION=VALUE…]",
      count: 3...100, method: "POST", path: { _ in "/presets" },
      body: { call in
        let options = call.operands.dropFirst(3).map { text -> (name: String, value: JSONValue) in
          let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
          return (parts[0], .string(parts.count > 1 ? parts[1] : ""))
        }
        return .object([
          ("workspace", .string(call.operands[0])), ("name", .string(call.operands[1])),
          ("to", .string(call.operands[2])), ("options", .object(options)),
        ])
      }, member: "preset", examples: ["wonder admin preset set acme web jpg quality=70 width=1600"]),
    AdminCommands.record(
      "admin preset remove", "removes a preset", operands: "SLUG NAME", count: 2...2, method: "DELETE",
      path: { call in
        "/presets/\(PercentEncoding.segment(call.operands[0]))/\(PercentEncoding.segment(call.operands[1]))"
      }, member: nil, examples: ["wonder admin preset remove acme web"]),
  ]
}
