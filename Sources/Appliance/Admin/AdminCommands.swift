import Basics
import Dashboard
import Dialects
import Engine
import Storage

/// The `admin` commands; each asks the admin API for one thing and prints the answer.
enum AdminCommands {
  static let all: [Command] = [
    listing(
      "admin workspaces", "lists the workspaces", path: { _ in "/workspaces" }, member: "workspaces",
      columns: [
        .init("SLUG", "slug"), .init("NAME", "name"), .init("PLAN", "plan"), .init("STATE", "state"),
        .init("KEEPS FILES", "retention"),
      ],
      examples: ["wonder admin workspaces", "wonder admin workspaces --json"]),
    record(
      "admin workspace create", "makes an approved workspace", operands: "SLUG",
      options: [
        .init("--name", "NAME", "its name (the slug)"), .init("--plan", "PLAN", "its plan (pro)"),
        .init("--owner", "EMAIL", "whose it is"),
        .init("--retention", "TIME", "how long its files are kept (as WONDER_RETENTION says)"),
      ],
      method: "POST", path: { _ in "/workspaces" },
      body: { call in
        .object(
          [("slug", .string(call.operands[0]))]
            + ["name", "plan", "owner", "retention"].compactMap { name in call["--\(name)"].map { (name, .string($0)) }
            })
      }, member: "workspace", examples: ["wonder admin workspace create acme --plan enterprise"]),
    record(
      "admin workspace show", "shows a workspace and its jobs by state", operands: "SLUG", method: "GET",
      path: { "/workspaces/\(PercentEncoding.segment($0.operands[0]))" }, member: "workspace",
      examples: ["wonder admin workspace show acme"]),
    change(
      "set-retention", "changes how long a workspace's files are kept; `default` as WONDER_RETENTION says",
      operands: "SLUG TIME", member: "retention", examples: ["acme 7d", "acme default"]),
    change(
      "set-mail", "turns mail about a workspace's jobs on or off", operands: "SLUG on|off", member: "mail",
      examples: ["acme off"]),
    change(
      "set-plan", "moves a workspace to another plan", operands: "SLUG PLAN", member: "plan",
      examples: ["acme enterprise"]),
    change(
      "suspend", "refuses a workspace's keys until it is resumed; what waits and runs goes on", operands: "SLUG",
      member: "state", value: "suspended", examples: ["acme"]),
    change(
      "resume", "lets a suspended workspace in again", operands: "SLUG", member: "state", value: "approved",
      examples: ["acme"]),
    Command(
      "admin workspace delete", "deletes a workspace with its jobs, files and keys", operands: "SLUG", count: 1...1,
      options: [.init("--yes", nil, "required, for there is no way back"), json],
      examples: ["wonder admin workspace delete acme --yes"]
    ) { call in
      guard call["--yes"] != nil else { throw UsageFailure("this deletes all jobs and files of it: add --yes") }
      show(try ask(call, "DELETE", "/workspaces/\(PercentEncoding.segment(call.operands[0]))", nil), call)
      return .done
    },
    listing(
      "admin keys", "lists the API keys, without the keys themselves",
      options: [.init("--workspace", "SLUG", "only those of one workspace")],
      path: { call in "/keys" + query([("workspace", call["--workspace"])]) }, member: "keys",
      columns: [
        .init("ID", "id"), .init("WORKSPACE", "workspace"), .init("NAME", "name"), .init("KEY", "key"),
        .init("KIND", "kind"), .init("SCOPES", "scopes"), .init("CREATED", "created_at"),
        .init("LAST USED", "last_used_at"), .init("EXPIRES", "expires_at"), .init("REVOKED", "revoked_at"),
      ], examples: ["wonder admin keys --workspace acme"]),
    keyIssue,
    record(
      "admin key revoke", "ends a key at once", operands: "ID", method: "DELETE",
      path: { "/keys/\(PercentEncoding.segment($0.operands[0]))" }, member: nil, examples: ["wonder admin key revoke 7"]
    ),
    keySecret,
    listing(
      "admin jobs", "lists jobs, the newest first",
      options: [
        .init("--status", "STATUS", "only those in one state", among: JobStatus.allCases.map(\.rawValue)),
        .init("--workspace", "SLUG", "only one workspace's"),
        .init("--limit", "N", "how many at most (50)"),
      ],
      path: { call in
        "/jobs"
          + query([
            ("status", call["--status"]), ("workspace", call["--workspace"]), ("limit", call["--limit"]),
          ])
      }, member: "jobs",
      columns: [
        .init("REQUEST", "request_id"), .init("STATUS", "status"), .init("CONVERSION", "conversion"),
        .init("CREATED", "created_at"), .init("ERROR", "error"),
      ], examples: ["wonder admin jobs --status failed --workspace acme"]),
    job("show", "shows a job with its files and events", method: "GET", suffix: "", member: "job"),
    job("retry", "makes a failed or canceled job wait again", method: "POST", suffix: "/retry", member: nil),
    job("cancel", "ends a job that waits or runs", method: "POST", suffix: "/cancel", member: nil),
    job("delete", "removes a job with its files", method: "DELETE", suffix: "", member: nil),
    StatsCommand.command,
    listing(
      "admin standbys", "lists who follows this server, and how far each one is", path: { _ in "/standby" },
      member: "standbys",
      columns: [
        .init("NAME", "name"), .init("FROM", "address"), .init("BEHIND (S)", "lag_seconds"), .init("SEEN", "seen_at"),
        .init("FILES", "files"), .init("BYTES", "bytes"),
      ], examples: ["wonder admin standbys"]),
    record(
      "admin queue pause", "takes no more jobs, over restarts too; what runs ends, new jobs are accepted and wait",
      method: "POST", path: { _ in "/queue/pause" }, member: nil, examples: ["wonder admin queue pause"]),
    record(
      "admin queue resume", "takes jobs again", method: "POST", path: { _ in "/queue/resume" }, member: nil,
      examples: ["wonder admin queue resume"]),
    check,
    record(
      "admin prune", "removes now what has had its time, and files that belong to no job", method: "POST",
      path: { _ in "/prune" }, member: "pruned", examples: ["wonder admin prune"]),
  ]

  static let json = Command.Option("--json", nil, "print JSON")

  private static let prefixes =
    "\(AllDialects.keyPrefixes().map(\.text).joined(separator: ", ")) (\(AllDialects.usualKeyPrefix.text))"

  private static let keyIssue = secret(
    "admin key issue", "makes a key for a workspace and prints it, this once", operands: "SLUG",
    options: [
      .init("--name", "NAME", "what the key is for"),
      .init("--prefix", "PREFIX", prefixes, among: AllDialects.keyPrefixes().map(\.text)),
      .init("--scope", "SCOPE", "read or submit (both)", among: ["read", "submit"]),
      .init("--expires", "TIME", "how long it works (for ever)"),
      .init("--public-for", "ORIGIN", "a public key, for pages of this origin; several with commas between"),
    ], "key",
    examples: [
      "wonder admin key issue acme --name ci", "KEY=$(wonder admin key issue acme)",
      "wonder admin key issue acme --public-for https://app.example.com --expires 90d",
    ]
  ) { call in
    var body: [(name: String, value: JSONValue)] = [("workspace", .string(call.operands[0]))]
    body += ["name", "prefix", "expires"].compactMap { name in call["--\(name)"].map { (name, .string($0)) } }
    if let scope = call["--scope"] { body.append(("scopes", .array([.string(scope)]))) }
    if let origins = call["--public-for"] {
      body.append(("kind", .string("public")))
      body.append(("origins", .array(origins.split(separator: ",").map { .string(String($0)) })))
    }
    return try ask(call, "POST", "/keys", .object(body))["key"]
  }

  private static let keySecret = secret(
    "admin key webhook-secret", "prints what signs the webhooks of requests that bring their own address",
    operands: "ID", "webhook_secret", examples: ["wonder admin key webhook-secret 7"]
  ) { call in
    try ask(call, "GET", "/keys/\(PercentEncoding.segment(call.operands[0]))/webhook-secret", nil)
  }

  /// Prints one member of an answer alone, so that a script can take it.
  static func secret(
    _ name: String, _ summary: String, operands: String, count: Int = 1, options: [Command.Option] = [],
    _ member: String, examples: [String], ask: @escaping @Sendable (Invocation) throws -> JSONValue?
  ) -> Command {
    Command(
      name, summary, operands: operands, count: count...count, options: options + [json], examples: examples
    ) { call in
      let answer = try ask(call)
      call.console.out((call["--json"] != nil ? answer?.text : answer?[member]?.string) ?? "")
      return .done
    }
  }

  /// Changes one thing of a workspace, to the second operand or to a fixed value.
  private static func change(
    _ verb: String, _ summary: String, operands: String, member: String, value: String? = nil, examples: [String]
  ) -> Command {
    let count = value == nil ? 2 : 1
    return Command(
      "admin workspace \(verb)", summary, operands: operands, count: count...count, options: [json],
      examples: examples.map { "wonder admin workspace \(verb) \($0)" }
    ) { call in
      let path = "/workspaces/\(PercentEncoding.segment(call.operands[0]))"
      let answer = try ask(call, "PATCH", path, .object([(member, .string(value ?? call.operands[1]))]))
      show(answer["workspace"], call)
      return .done
    }
  }

  /// Ends with 1 when something is wrong, so that a script notices.
  private static let check = Command(
    "admin check", "compares the database with the files", options: [json], examples: ["wonder admin check"]
  ) { call in
    let answer = try ask(call, "POST", "/check", nil)
    show(answer["check"], call)
    return answer["check"]?["sound"]?.boolean == true ? .done : .failed
  }

  private static func job(
    _ verb: String, _ summary: String, method: String, suffix: String, member: String?
  ) -> Command {
    record(
      "admin job \(verb)", summary, operands: "REQUEST", method: method,
      path: { "/jobs/\(PercentEncoding.segment($0.operands[0]))\(suffix)" }, member: member,
      examples: ["wonder admin job \(verb) req_34kcgtbjsz3n7"])
  }

  static func listing(
    _ name: String, _ summary: String, operands: String = "", options: [Command.Option] = [],
    path: @escaping @Sendable (Invocation) -> String, member: String, columns: [Printing.Column], examples: [String]
  ) -> Command {
    let count = operands.isEmpty ? 0 : 1
    return Command(
      name, summary, operands: operands, count: count...count, options: options + [json], examples: examples
    ) { call in
      let answer = try ask(call, "GET", path(call), nil)
      if call["--json"] != nil {
        call.console.out(answer[member]?.text ?? "[]")
      } else {
        Printing.table(answer[member], columns, to: call.console)
      }
      return .done
    }
  }

  static func record(
    _ name: String, _ summary: String, operands: String = "", count: ClosedRange<Int>? = nil,
    options: [Command.Option] = [], method: String, path: @escaping @Sendable (Invocation) -> String,
    body: (@Sendable (Invocation) -> JSONValue)? = nil,
    member: String?, examples: [String]
  ) -> Command {
    let usual = operands.isEmpty ? 0 : 1
    return Command(
      name, summary, operands: operands, count: count ?? usual...usual, options: options + [json], examples: examples
    ) { call in
      let answer = try ask(call, method, path(call), body?(call))
      show(member.map { answer[$0] ?? .null } ?? answer, call)
      return .done
    }
  }

  static func show(_ value: JSONValue?, _ call: Invocation) {
    if call["--json"] != nil {
      call.console.out(value?.text ?? "null")
    } else {
      // A number is that of the answer, and none of what was asked for.
      Printing.record(
        (value?.members).map { .object($0.filter { $0.name != "status" || $0.value.integer == nil }) }, to: call.console
      )
    }
  }

  static func ask(_ call: Invocation, _ method: String, _ path: String, _ body: JSONValue?) throws -> JSONValue {
    let client = try AdminClient.connect(call.settings)
    defer { client.close() }
    do { return try client.ask(method, AdminAPI.prefix + path, body) } catch let failure as AdminFailure
      where failure.isMissing && call.operands.count == 1
    {
      throw AdminFailure(description: "\(HiddenText.escaping(call.operands[0])): \(failure)")
    }
  }

  static func query(_ pairs: [(String, String?)]) -> String {
    let given = pairs.compactMap { name, value in value.map { "\(name)=\(PercentEncoding.segment($0))" } }
    return given.isEmpty ? "" : "?" + given.joined(separator: "&")
  }
}
