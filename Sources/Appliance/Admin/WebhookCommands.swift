import Basics
import Dashboard
import Dialects
import Storage

/// The `admin` commands about webhooks: endpoints, deliveries, and sending again.
enum WebhookCommands {
  static let all: [Command] = [
    AdminCommands.listing(
      "admin endpoints", "lists webhook endpoints, without their secrets",
      options: [.init("--workspace", "SLUG", "only those of one workspace")],
      path: { call in "/endpoints" + AdminCommands.query([("workspace", call["--workspace"])]) }, member: "endpoints",
      columns: [
        .init("ID", "id"), .init("WORKSPACE", "workspace"), .init("URL", "url"), .init("STYLE", "style"),
        .init("EVENTS", "events"), .init("STATE", "state"), .init("CONDITION", "condition"),
        .init("FAILING SINCE", "failing_since"),
        .init("RESTING UNTIL", "resting_until"),
      ], examples: ["wonder admin endpoints --workspace acme"]),
    endpointAdd,
    endpointTest,
    endpointRotate,
    endpoint("enable", "lets an endpoint be told again", suffix: "/enable", member: "endpoint"),
    endpoint("disable", "tells an endpoint no more", suffix: "/disable", member: "endpoint"),
    AdminCommands.record(
      "admin endpoint remove", "removes an endpoint; what waits for it is not sent", operands: "ID", method: "DELETE",
      path: { "/endpoints/\(PercentEncoding.segment($0.operands[0]))" }, member: nil,
      examples: ["wonder admin endpoint remove 3"]),
    AdminCommands.listing(
      "admin deliveries", "lists webhooks, the newest first; with --json every attempt too",
      options: [
        .init("--status", "STATUS", "waiting, delivered or failed", among: ["waiting", "delivered", "failed"]),
        .init("--workspace", "SLUG", "only one workspace's"), .init("--job", "REQUEST", "only a job's"),
        .init("--endpoint", "ID", "only an endpoint's"), .init("--limit", "N", "how many at most (50)"),
      ],
      path: { call in
        let narrowing = ["status", "workspace", "job", "endpoint", "limit"]
        return "/deliveries" + AdminCommands.query(narrowing.map { ($0, call["--\($0)"]) })
      }, member: "deliveries",
      columns: [
        .init("ID", "id"), .init("REQUEST", "request_id"), .init("EVENT", "event"), .init("URL", "url"),
        .init("STATUS", "status"), .init("ATTEMPTS", "attempts"), .init("NEXT", "next_attempt_at"),
        .init("RESTING UNTIL", "resting_until"), .init("ERROR", "last_error"),
      ],
      examples: [
        "wonder admin deliveries --status failed", "wonder admin deliveries --job req_34kcgtbjsz3n7",
        "wonder admin deliveries --workspace acme --json",
      ]),
    AdminCommands.record(
      "admin delivery show", "shows a webhook with its body and every attempt with its headers", operands: "ID",
      method: "GET",
      path: { "/deliveries/\(PercentEncoding.segment($0.operands[0]))" }, member: "delivery",
      examples: ["wonder admin delivery show 12"]),
    AdminCommands.record(
      "admin replay-job-webhook", "sends a job's webhook again, worded with what is true now", operands: "REQUEST",
      options: [.init("--event", "EVENT", "only this one, for example conversion.job.completed")], method: "POST",
      path: { "/jobs/\(PercentEncoding.segment($0.operands[0]))/replay" },
      body: { call in .object(call["--event"].map { [("event", .string($0))] } ?? []) }, member: nil,
      examples: [
        "wonder admin replay-job-webhook req_34kcgtbjsz3n7",
        "wonder admin replay-job-webhook req_34kcgtbjsz3n7 --event conversion.job.completed",
      ]),
    AdminCommands.record(
      "admin delivery replay", "sends one webhook again, to its receiver alone; one that waits is sent now",
      operands: "ID",
      method: "POST", path: { "/deliveries/\(PercentEncoding.segment($0.operands[0]))/replay" }, member: nil,
      examples: ["wonder admin delivery replay 12"]),
    AdminCommands.record(
      "admin replay-failed-webhooks",
      "sends the newest failed webhooks again, and nothing that was delivered", options: owed.map(\.option),
      method: "POST", path: { _ in "/deliveries/replay-failed" },
      body: { call in
        .object(owed.compactMap { owed in call["--\(owed.name)"].map { (owed.name, .string($0)) } })
      }, member: nil,
      examples: [
        "wonder admin replay-failed-webhooks --limit 25",
        "wonder admin replay-failed-webhooks --endpoint 3 --limit 1000",
        "wonder admin replay-failed-webhooks --job req_34kcgtbjsz3n7",
        "wonder admin replay-failed-webhooks --workspace acme --since 2026-03-12T14:00:00Z --until 2026-03-12T16:30:00Z",
      ]),
  ]

  /// What narrows a replay of what has failed.
  private static let owed: [(name: String, option: Command.Option)] = [
    ("job", .init("--job", "REQUEST", "only a job's")), ("endpoint", .init("--endpoint", "ID", "only an endpoint's")),
    ("workspace", .init("--workspace", "SLUG", "only a workspace's")),
    ("since", .init("--since", "TIME", "only of events from then on, such as 2026-03-12T14:30:00Z, or 2h ago as 2h")),
    ("until", .init("--until", "TIME", "only of events before then")),
    ("limit", .init("--limit", "N", "how many at most (25)")),
  ]

  private static func endpoint(_ verb: String, _ summary: String, suffix: String, member: String?) -> Command {
    AdminCommands.record(
      "admin endpoint \(verb)", summary, operands: "ID", method: "POST",
      path: { "/endpoints/\(PercentEncoding.segment($0.operands[0]))\(suffix)" }, member: member,
      examples: ["wonder admin endpoint \(verb) 3"])
  }

  private static let endpointTest = Command(
    "admin endpoint test", "sends an endpoint a sample and shows what came of it; exit code 1 when it was not taken",
    operands: "ID", count: 1...1, options: [AdminCommands.json], examples: ["wonder admin endpoint test 3"]
  ) { call in
    let path = "/endpoints/\(PercentEncoding.segment(call.operands[0]))/test"
    return AttemptReport.show(try AdminCommands.ask(call, "POST", path, nil)["delivery"], call)
  }

  private static let styles = AllStyles.all(with: AllDialects.all).filter { !$0.events.isEmpty }

  private static let endpointAdd = AdminCommands.secret(
    "admin endpoint add", "makes a webhook endpoint and prints its secret, this once", operands: "SLUG URL", count: 2,
    options: [
      .init("--events", "EVENTS", "separated by commas (all that the style has)"),
      .init(
        "--style", "STYLE", "standard, wonder, convertly or koalapic (standard)", among: styles.map(\.name.rawValue)),
    ], "secret",
    examples: [
      "wonder admin endpoint add acme https://client.example/hooks --events conversion.completed,conversion.failed",
      "wonder admin endpoint add acme https://client.example/hooks --style convertly --json",
    ]
  ) { call in
    let given = ["events", "style"].compactMap { name in call["--\(name)"].map { (name, JSONValue.string($0)) } }
    let target = [("workspace", JSONValue.string(call.operands[0])), ("url", .string(call.operands[1]))]
    return try AdminCommands.ask(call, "POST", "/endpoints", .object(target + given))["endpoint"]
  }

  private static let endpointRotate = AdminCommands.secret(
    "admin endpoint rotate-secret", "gives an endpoint a new secret and prints it; the old one counts for another day",
    operands: "ID", "secret", examples: ["wonder admin endpoint rotate-secret 3"]
  ) { call in
    let path = "/endpoints/\(PercentEncoding.segment(call.operands[0]))/rotate-secret"
    return try AdminCommands.ask(call, "POST", path, nil)["endpoint"]
  }
}
