import Basics

/// The `admin` commands about machines that work for the server.
enum NodeCommands {
  static let all: [Command] = [
    AdminCommands.secret(
      "admin node add", "makes a node, and prints its token, which is shown this once", operands: "NAME", "token",
      examples: ["wonder admin node add second"]
    ) { call in
      try AdminCommands.ask(call, "POST", "/nodes", .object([("name", .string(call.operands[0]))]))["node"]
    },
    AdminCommands.record(
      "admin node remove", "removes a node; what it has is done by others", operands: "NAME", method: "DELETE",
      path: { "/nodes/\(PercentEncoding.segment($0.operands[0]))" }, member: nil,
      examples: ["wonder admin node remove second"]),
    AdminCommands.listing(
      "admin node list", "lists the nodes, and how many orders each does at once while it is heard",
      path: { _ in "/nodes" }, member: "nodes",
      columns: [.init("NAME", "name"), .init("PLACES", "places"), .init("CREATED", "created_at")],
      examples: ["wonder admin node list"]),
  ]
}
