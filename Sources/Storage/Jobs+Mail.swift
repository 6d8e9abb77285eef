extension Jobs {
  /// Who wants mail about a job, and the batch that it belongs to; nil when nobody does.
  package static func mailWish(id: Int64, in database: Database) throws -> (address: String, batch: Int64?)? {
    try database.first(
      "SELECT notification_email, batch_id FROM jobs WHERE id = ? AND notification_email IS NOT NULL", id,
      row: { ($0.text(0), $0.optionalInteger(1)) })
  }
}

extension Workspaces {
  /// Whether a workspace has not turned mail about jobs off, and whether its plan has it.
  package static func mailSwitch(_ workspace: Int64, in database: Database) throws -> (isOn: Bool, isAllowed: Bool) {
    try database.first(
      """
      SELECT sends_mail, allows_mail
      FROM workspaces
      JOIN plans ON plans.name = workspaces.plan
      WHERE workspaces.id = ?
      """, workspace, row: { ($0.flag(0), $0.flag(1)) }) ?? (false, false)
  }

  package static func setSendsMail(_ workspace: Int64, _ isOn: Bool, in database: Database) throws {
    try database.run("UPDATE workspaces SET sends_mail = ? WHERE id = ?", isOn, workspace)
  }
}
