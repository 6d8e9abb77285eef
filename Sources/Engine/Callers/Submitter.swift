package import Storage

/// Whoever a job is taken for: the holder of a key, or a member of the workspace who is signed in.
package struct Submitter: Sendable {
  let workspace: Workspace
  let plan: Plan
  /// Nil for a member.
  let keyID: Int64?
  /// True for the holder of a public key, which anybody may be.
  let isPublic: Bool
  /// Who came without a key; nil for everybody else.
  let visitor: String?
  /// True for who has the token of one job and not its key.
  let hasJobToken: Bool

  package init(_ holder: KeyHolder) {
    workspace = holder.workspace
    plan = holder.plan
    keyID = holder.key.id
    isPublic = holder.key.kind == .publicKey
    visitor = holder.visitor
    hasJobToken = holder.hasJobToken
  }

  package init(memberOf workspace: Workspace, on plan: Plan) {
    self.workspace = workspace
    self.plan = plan
    keyID = nil
    isPublic = false
    visitor = nil
    hasJobToken = false
  }

  /// Whose files are counted; nil for a member.
  var payer: Rates.Owner? { visitor.map { .visitor($0) } ?? keyID.map { .key($0) } }

  /// Which of the workspace's figures the job counts in.
  var origin: Usage.Origin { keyID == nil ? .pages : .api }
}
