/// Which rights the groups of a provider bring; where there are any, the provider's word replaces what was before.
package struct GroupRoles: Sendable {
  private let rows: [(group: String, grant: RoleGrant)]

  /// Reads `GROUP=RIGHT`, several with commas between them; nil when one is wrong.
  package init?(_ text: String) {
    var rows: [(String, RoleGrant)] = []
    for entry in text.split(separator: ",") {
      guard let equals = entry.lastIndex(of: "="),
        let grant = RoleGrant(GroupRoles.trimmed(entry[entry.index(after: equals)...]))
      else { return nil }
      let group = GroupRoles.trimmed(entry[..<equals])
      guard !group.isEmpty else { return nil }
      rows.append((group, grant))
    }
    self.rows = rows
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  var isEmpty: Bool { rows.isEmpty }

  /// The places that the groups have a say about; nil is the whole appliance.
  var places: Set<String?> { Set(rows.map(\.grant.workspace)) }

  /// What somebody in these groups may do.
  func grants(of groups: [String]) -> [RoleGrant] { rows.filter { groups.contains($0.group) }.map(\.grant) }
}
