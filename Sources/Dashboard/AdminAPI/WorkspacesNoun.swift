import Basics
import Engine
import HTTP
import Storage

/// Workspaces in the admin API.
struct WorkspacesNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/workspaces", .member, list),
      AdminRoute(.post, "/workspaces", .operator_, create),
      AdminRoute(.get, "/workspaces/{slug}", .workspaceMember, show),
      AdminRoute(.patch, "/workspaces/{slug}", .operator_, change),
      AdminRoute(.delete, "/workspaces/{slug}", .operator_, remove),
      AdminRoute(.patch, "/workspaces/{slug}/settings", .workspaceAdmin, settle),
      AdminRoute(.get, "/workspaces/{slug}/figures", .workspaceMember, figures),
      AdminRoute(.post, "/quickstart", .operator_, quickstart),
    ]
  }

  /// The workspaces that the visitor may see.
  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let workspaces = try await parts.read { try Workspaces.all(in: $0) }
    return .document("workspaces", .array(workspaces.filter { visitor.role(in: $0.id) != nil }.map(describe)))
  }

  @Sendable private func create(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let wish = try Provisioning.Wish(
      slug: fields.requiredText("slug"), name: fields.text("name"), plan: fields.text("plan") ?? "pro",
      owner: fields.text("owner"), retention: fields.text("retention"))
    let workspace = try await parts.provisioning.makeWorkspace(wish, by: visitor.actor)
    return .document("workspace", describe(workspace), status: .created)
  }

  /// Changes one or more of `plan`, `state` (approved, suspended), `retention` and `mail` (on, off).
  @Sendable private func change(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let slug = request.parameters["slug"] ?? ""
    let (plan, state, retention) = try (fields.text("plan"), fields.text("state"), fields.text("retention"))
    let mail = try fields.text("mail")
    guard plan != nil || state != nil || retention != nil || mail != nil else {
      throw Refusal.invalidFields.naming([.init("workspace", "one of plan, state, retention, mail is required")])
    }
    var changed: Workspace?
    if let plan {
      changed = try await parts.provisioning.setPlan(workspace: slug, to: plan, by: visitor.actor)
    }
    if let state {
      guard let state = Workspace.State(rawValue: state), state != .pending else {
        throw Refusal.invalidFields.naming([.init("state", "\"\(state)\" is no state; valid: approved, suspended")])
      }
      changed = try await parts.provisioning.setState(workspace: slug, to: state, by: visitor.actor)
    }
    if let retention {
      changed = try await parts.provisioning.setRetention(workspace: slug, to: retention, by: visitor.actor)
    }
    if let mail {
      changed = try await parts.provisioning.setMail(workspace: slug, to: mail, by: visitor.actor)
    }
    return .document("workspace", changed.map(describe) ?? .null)
  }

  @Sendable private func remove(_ visitor: Visitor, _ request: Request) async throws -> Response {
    try await parts.provisioning.delete(workspace: request.parameters["slug"] ?? "", by: visitor.actor)
    return .document("workspace", .string("deleted"))
  }

  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let slug = request.parameters["slug"] ?? ""
    let found = try await parts.read { database in
      let workspace = try Provisioning.workspace(slug, database)
      try visitor.mustSee(workspace.id)
      let counts = try JobStatus.allCases.map { status in
        (
          name: status.rawValue,
          value: JSONValue.integer(
            try Usage.counter(workspace.id, "jobs.\(status.rawValue)", in: database))
        )
      }
      let stored = try Usage.counter(workspace.id, Usage.storedBytes, in: database)
      let mail = try Workspaces.mailSwitch(workspace.id, in: database)
      return (workspace, counts, stored, mail)
    }
    var members = describe(found.0).members ?? []
    members.append((name: "jobs", value: .object(found.1)))
    members.append((name: "stored_bytes", value: .integer(found.2)))
    members.append((name: "mail", value: .string(!found.3.isAllowed ? "not in the plan" : found.3.isOn ? "on" : "off")))
    return .document("workspace", .object(members))
  }

  /// Changes what a workspace's own administrators may: `retention`, and `mail` (on, off).
  @Sendable private func settle(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let slug = request.parameters["slug"] ?? ""
    try visitor.mustManage(try await parts.read { try Provisioning.workspace(slug, $0).id })
    let fields = try await JSONFields.read(request, parts.blocking)
    let (retention, mail) = try (fields.text("retention"), fields.text("mail"))
    guard retention != nil || mail != nil else {
      throw Refusal.invalidFields.naming([.init("workspace", "one of retention, mail is required")])
    }
    var changed: Workspace?
    if let retention {
      changed = try await parts.provisioning.setRetention(workspace: slug, to: retention, by: visitor.actor)
    }
    if let mail {
      changed = try await parts.provisioning.setMail(workspace: slug, to: mail, by: visitor.actor)
    }
    return .document("workspace", changed.map(describe) ?? .null)
  }

  /// What the charts show: the last two days by hours, the last year by days, and this month beside the plan.
  @Sendable private func figures(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let slug = request.parameters["slug"] ?? ""
    let now = parts.clock.now()
    let workspace = try await parts.read { try Provisioning.workspace(slug, $0) }
    try visitor.mustSee(workspace.id)
    let report = try await parts.conversions.jobs.reports.usage(workspace, months: "0000-01"..."9999-12")
    let (hours, days, plan) = try await parts.read { database in
      (
        try Activity.hours(workspace.id, since: now - .seconds(47 * 3600), in: database),
        try Activity.days(workspace.id, since: now - .seconds(371 * 86_400), in: database),
        try Plans.find(workspace.plan, in: database)
      )
    }
    return .document(
      "figures",
      .object([
        ("now", .string("\(now)")),
        ("jobs", .object(report.lifecycle.map { (name: $0.name, value: .integer($0.count)) })),
        ("month", Figures.describe(report.workspace, period: report.period)),
        ("by_key", Figures.describe(report.api, period: report.period)),
        ("months", .array(report.months.map { Figures.describe($0.workspace, period: $0.period) })),
        ("stored_bytes", .integer(report.storedBytes)), ("plan", plan.map(PlansNoun.describe) ?? .null),
        ("hours", .array(hours.map(Figures.describe))), ("days", .array(days.map(Figures.describe))),
      ]))
  }

  @Sendable private func quickstart(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let slug = try fields.text("workspace") ?? "demo"
    let key = try await parts.provisioning.quickstart(
      workspace: slug, plan: fields.text("plan") ?? "pro", keyName: "quickstart", by: visitor.actor)
    return .document("quickstart", .object([("workspace", .string(slug)), ("key", .string(key))]), status: .created)
  }

  private func describe(_ workspace: Workspace) -> JSONValue {
    .object([
      ("slug", .string(workspace.slug)), ("name", .string(workspace.name)), ("plan", .string(workspace.plan)),
      ("state", .string(workspace.state.rawValue)),
      ("owner", workspace.owner.map(JSONValue.string) ?? .null),
      ("retention", .string(workspace.retention.map { Quantity.span($0.milliseconds) } ?? "default")),
    ])
  }
}

extension Response {
  /// A document of the admin API: its status and one named member, or a few.
  static func document(
    _ name: String, _ value: JSONValue, _ more: (name: String, value: JSONValue)..., status: Status = .ok
  ) -> Response {
    .json(status, Array(JSONValue.object([("status", .integer(Int64(status.code))), (name, value)] + more).text.utf8))
  }
}
