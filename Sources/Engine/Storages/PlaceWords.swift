package import Basics

/// A place elsewhere in the house's words, as a request names one and as a workspace keeps one.
package enum PlaceWords {
  package typealias Members = [(name: String, value: JSONValue)]

  /// What says where it is and opens it, by the kind of place, without the file.
  package static let members: [CloudPlace.Kind: [String]] = [
    .s3: ["access_key_id", "bucket", "endpoint", "region", "secret_access_key", "session_token", "style"],
    .ftp: ["host", "password", "tls", "user"],
  ]
  /// What says the file.
  package static let file: [CloudPlace.Kind: String] = [.s3: "key", .ftp: "path"]
  /// The parts that have names of their own.
  private static let names: [CloudPlace.Kind: [CloudPlace.Part: String]] = [
    .s3: [.path: "key", .user: "access_key_id", .password: "secret_access_key"], .ftp: [.endpoint: "host"],
  ]

  /// What a part is called in `parent`, which is empty for a document of its own.
  package static func name(of part: CloudPlace.Part, _ kind: CloudPlace.Kind, in parent: String) -> String {
    name(of: names[kind]?[part] ?? part.rawValue, in: parent)
  }

  package static func name(of member: String, in parent: String) -> String {
    parent.isEmpty ? member : "\(parent).\(member)"
  }

  /// The members that are said, as texts; throws `Refusal.invalidFields` for one that is not among `known`.
  package static func texts(
    _ members: Members, among known: [String], in parent: String
  ) throws(Refusal) -> [String: String] {
    var texts: [String: String] = [:]
    for (member, value) in members where value != .null {
      let name = name(of: member, in: parent)
      guard known.contains(member) else {
        throw .invalidFields.naming([
          .init(name, "is not known\(Spelling.hint(member, among: known)); valid: \(known.joined(separator: ", "))")
        ])
      }
      guard let text = value.string ?? (member == "tls" && value.boolean != nil ? value.text : nil) else {
        throw .invalidFields.naming([.init(name, member == "tls" ? "must be true or false" : "must be a text")])
      }
      texts[member] = text
    }
    return texts
  }

  /// A place with what opens it; throws `Refusal.invalidFields` for a word that is none, and looks at nothing else.
  package static func read(
    _ texts: [String: String], _ kind: CloudPlace.Kind, in parent: String
  ) throws(Refusal) -> (CloudPlace, CloudCredentials) {
    guard kind == .s3 else {
      return (
        CloudPlace(ftp: texts["host"] ?? "", path: texts["path"] ?? "", needsTLS: try needsTLS(texts, in: parent)),
        CloudCredentials(user: texts["user"] ?? "anonymous", password: texts["password"] ?? "")
      )
    }
    return (
      CloudPlace(
        s3: texts["endpoint"], region: texts["region"], bucket: texts["bucket"] ?? "", key: texts["key"] ?? "",
        style: try style(texts, in: parent)),
      CloudCredentials(
        user: texts["access_key_id"] ?? "", password: texts["secret_access_key"] ?? "", token: texts["session_token"])
    )
  }

  static func style(_ texts: [String: String], in parent: String) throws(Refusal) -> CloudPlace.Style? {
    guard let text = texts["style"] else { return nil }
    if let style = CloudPlace.Style(rawValue: text) { return style }
    let valid = CloudPlace.Style.allCases.map(\.rawValue).joined(separator: ", ")
    throw .invalidFields.naming([.init(name(of: "style", in: parent), "\"\(text)\" is no style; valid: \(valid)")])
  }

  private static func needsTLS(_ texts: [String: String], in parent: String) throws(Refusal) -> Bool {
    if let text = texts["tls"], text != "true" && text != "false" {
      throw .invalidFields.naming([.init(name(of: "tls", in: parent), "must be true or false")])
    }
    return texts["tls"] == "true"
  }
}
