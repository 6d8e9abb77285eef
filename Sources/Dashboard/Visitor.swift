import Engine
import HTTP
import Storage

/// Whoever uses the admin API: somebody on the socket, or a member who is signed in.
struct Visitor: Sendable {
  /// What a route of the admin API asks of its visitor.
  enum Need: String, Sendable, CaseIterable {
    /// Anybody, for signing in and for links.
    case nobody
    /// Anybody who is signed in.
    case member
    /// A member of the workspace that the request is about, for looking.
    case workspaceMember
    /// An administrator of that workspace, for changing.
    case workspaceAdmin
    /// An administrator of the appliance, or the socket.
    case operator_ = "operator"
    /// The same, or a stand-by with its token.
    case standby
  }

  let actor: Actor
  /// Nil for somebody on the socket, who may do everything.
  let member: Member?

  var isOperator: Bool { member?.user.isAdmin ?? true }

  /// The role in a workspace, or nil for a stranger.
  func role(in workspace: Int64) -> Membership.Role? { member.map { $0.role(in: workspace) } ?? .admin }

  /// Throws what somebody hears who may not look at a workspace: that there is none.
  func mustSee(_ workspace: Int64, orElse unknown: Refusal = .unknownWorkspace) throws {
    if role(in: workspace) == nil { throw unknown }
  }

  /// The same for changing it; a mere member hears that it is not allowed.
  func mustManage(_ workspace: Int64, orElse unknown: Refusal = .unknownWorkspace) throws {
    try mustSee(workspace, orElse: unknown)
    if role(in: workspace) != .admin { throw Refusal.notAllowed }
  }
}
