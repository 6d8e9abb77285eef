import Basics
import Dashboard

/// The `admin` commands about requests for access, people, plans and the audit log.
enum PeopleCommands {
  static let all: [Command] = [
    AdminCommands.listing(
      "admin requests", "lists requests for access, the newest first",
      options: [.init("--status", "STATUS", "pending, approved, rejected or all (pending)", among: states)],
      path: { call in "/requests" + AdminCommands.query([("status", call["--status"])]) }, member: "requests",
      columns: [
        .init("ID", "id"), .init("E-MAIL", "email"), .init("COMPANY", "company"), .init("VOLUME", "expected_volume"),
        .init("STATE", "state"), .init("CREATED", "created_at"), .init("USE CASE", "use_case"),
      ], examples: ["wonder admin requests", "wonder admin requests --status all --json"]),
    approve,
    AdminCommands.record(
      "admin reject", "turns a request for access down", operands: "REQUEST",
      options: [.init("--reason", "TEXT", "why; required"), .init("--notify", nil, "say so by mail")], method: "POST",
      path: { "/requests/\(PercentEncoding.segment($0.operands[0]))/reject" },
      body: { call in
        .object([("reason", .string(call["--reason"] ?? "")), ("notify", .boolean(call["--notify"] != nil))])
      }, member: "request",
      examples: ["wonder admin reject jo@example.com --reason 'no company'"]),
    AdminCommands.listing(
      "admin users", "lists the people who may sign in", path: { _ in "/users" }, member: "users",
      columns: [
        .init("E-MAIL", "email"), .init("ROLES", "roles"), .init("PASSWORD", "has_password"),
        .init("CREATED", "created_at"),
      ], examples: ["wonder admin users"]),
    userAdd,
    Command(
      "admin user password", "prints a link with which a user chooses a new password, this once", operands: "EMAIL",
      count: 1...1, options: [notify, AdminCommands.json], examples: ["wonder admin user password jo@example.com"]
    ) { call in
      try linked(call, "password", "user") { client in
        try client.ask(
          "POST", AdminAPI.prefix + "/users/\(PercentEncoding.segment(call.operands[0]))/password-link",
          .object([("notify", .boolean(call["--notify"] != nil))]))
      }
    },
    AdminCommands.record(
      "admin user remove", "removes a user with sessions and roles", operands: "EMAIL", method: "DELETE",
      path: { "/users/\(PercentEncoding.segment($0.operands[0]))" }, member: nil,
      examples: ["wonder admin user remove jo@example.com"]),
    AdminCommands.record(
      "admin user reset-2fa", "has no code asked for any more, for a user who has lost the app and all codes",
      operands: "EMAIL", method: "DELETE", path: { "/users/\(PercentEncoding.segment($0.operands[0]))/second-factor" },
      member: nil, examples: ["wonder admin user reset-2fa jo@example.com"]),
    AdminCommands.record(
      "admin user sign-out", "ends all sessions of a user", operands: "EMAIL", method: "DELETE",
      path: { "/users/\(PercentEncoding.segment($0.operands[0]))/sessions" }, member: nil,
      examples: ["wonder admin user sign-out jo@example.com"]),
    Command(
      "admin setup-link", "prints a new link with which the first administrator signs in, this once", count: 0...0,
      options: [AdminCommands.json], examples: ["wonder admin setup-link"]
    ) { call in
      try linked(call, "setup", "setup") { try $0.ask("POST", AdminAPI.prefix + "/setup-link") }
    },
    AdminCommands.listing(
      "admin plans", "lists the plans with their limits; - is no limit", path: { _ in "/plans" }, member: "plans",
      columns: [
        .init("PLAN", "name"), .init("READS/MIN", "reads_per_minute"), .init("WRITES/MIN", "writes_per_minute"),
        .init("JOBS/MONTH", "jobs_per_month"), .init("UPLOAD", "max_upload"), .init("STORED", "max_stored"),
        .init("AT ONCE", "concurrent_jobs"), .init("WAITING", "waiting_jobs"), .init("FILES/MIN", "files_per_minute"),
        .init("SUBMITS/DAY", "submissions_per_day"),
        .init("ASYNC", "allows_async"), .init("BATCHES", "allows_batches"),
        .init("MAIL", "allows_mail"), .init("WEBHOOKS", "allows_webhooks"), .init("JOBS API", "allows_jobs_api"),
      ], examples: ["wonder admin plans"]),
    Command(
      "admin plan set", "changes limits of a plan; `none` takes one away", operands: "PLAN LIMIT=VALUE...",
      count: 2...20, options: [AdminCommands.json],
      examples: [
        "wonder admin plan set pro jobs_per_month=100K max_stored=none", "wonder admin plan set free allows_async=true",
      ]
    ) { call in
      let changes = try call.operands.dropFirst().map { word in
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw UsageFailure("\(word) is not LIMIT=VALUE") }
        return (name: String(parts[0]), value: JSONValue.string(String(parts[1])))
      }
      let path = "/plans/\(PercentEncoding.segment(call.operands[0]))"
      AdminCommands.show(try AdminCommands.ask(call, "PATCH", path, .object(changes))["plan"], call)
      return .done
    },
    AdminCommands.listing(
      "admin audit", "lists who changed what, the newest first",
      options: [.init("--limit", "N", "how many at most (50)")],
      path: { call in "/audit" + AdminCommands.query([("limit", call["--limit"])]) }, member: "audit",
      columns: [
        .init("AT", "at"), .init("WHO", "actor"), .init("FROM", "address"), .init("WHAT", "action"),
        .init("SUBJECT", "subject"), .init("DETAIL", "detail"),
      ], examples: ["wonder admin audit --limit 20"]),
  ]

  private static let states = ["pending", "approved", "rejected", "all"]

  private static let notify = Command.Option("--notify", nil, "mail the link instead of printing it")

  private static let approve = AdminCommands.record(
    "admin approve", "approves a request for access: makes the workspace, and prints its first key, this once",
    operands: "REQUEST",
    options: [
      .init("--plan", "PLAN", "the plan of the workspace (pro)"),
      .init("--workspace", "SLUG", "its slug (made of the company's name)"),
      .init("--notify", nil, "mail the key instead of printing it"),
    ], method: "POST", path: { "/requests/\(PercentEncoding.segment($0.operands[0]))/approve" },
    body: { call in
      .object(
        ["plan", "workspace"].compactMap { name in call["--\(name)"].map { (name, .string($0)) } }
          + [("notify", .boolean(call["--notify"] != nil))])
    }, member: "approval",
    examples: ["wonder admin approve jo@example.com", "wonder admin approve acc_34kcgtbjsz3n7 --plan enterprise"])

  private static let userAdd = Command(
    "admin user add", "adds a person or a role, and prints a link to choose a password, this once", operands: "EMAIL",
    count: 1...1,
    options: [
      .init("--workspace", "SLUG", "the workspace that the role is for (the whole appliance)"),
      .init("--role", "ROLE", "admin or member (member)", among: ["admin", "member"]), notify, AdminCommands.json,
    ],
    examples: [
      "wonder admin user add jo@example.com --workspace acme --role admin",
      "wonder admin user add ops@example.com --role admin",
    ]
  ) { call in
    let body = ["workspace", "role"].compactMap { name in call["--\(name)"].map { (name, JSONValue.string($0)) } }
    return try linked(call, "password", "user") { client in
      try client.ask(
        "POST", AdminAPI.prefix + "/users",
        .object(
          [("email", .string(call.operands[0])), ("notify", .boolean(call["--notify"] != nil))] + body))
    }
  }

  /// Prints the link that an answer's token stands for, or the answer when there is none.
  private static func linked(
    _ call: Invocation, _ purpose: String, _ member: String, _ ask: (AdminClient) throws -> JSONValue
  ) throws -> Command.Outcome {
    let client = try AdminClient.connect(call.settings)
    defer { client.close() }
    let answer = try ask(client)[member] ?? .null
    guard let token = answer["link_token"]?.string else {
      AdminCommands.show(answer, call)
      return .done
    }
    let link = ServerAddress.link(try ServerAddress.base(client, call.settings), purpose, token)
    call.console.out(
      call["--json"] == nil ? link : JSONValue.object([("link", .string(link)), ("token", .string(token))]).text)
    return .done
  }
}
