import Basics
import Engine

/// Reads places elsewhere from a JSON document: `{"s3": {…}}` or `{"ftp": {…}}`, each with what opens it.
enum WonderClouds {
  /// What the members of a place are called, by the kind of place.
  private static let members: [String: [String]] = [
    "s3": [
      "access_key_id", "bucket", "endpoint", "key", "region", "secret_access_key", "session_token", "style",
    ],
    "ftp": ["host", "password", "path", "tls", "user"],
  ]
  /// The same for what is wrong with one.
  private static let names: [String: [CloudPlace.Part: String]] = [
    "s3": [.path: "key", .user: "access_key_id", .password: "secret_access_key"], "ftp": [.endpoint: "host"],
  ]

  static var ways: Dictionary<String, [String]>.Keys { members.keys }

  /// Where outputs go; throws `Refusal.invalidFields`.
  static func targets(
    _ value: JSONValue, _ fields: inout [(name: String, value: String)]
  ) throws(Refusal) -> [OutputTarget] {
    let shape = "must be an array of at most \(Submission.mostTargets) objects, each with s3 or ftp"
    guard let array = value.array, array.count <= Submission.mostTargets else { throw refuse("outputs", shape) }
    var targets: [OutputTarget] = []
    for (index, entry) in array.enumerated() {
      let name = "outputs[\(index)]"
      guard let members = entry.members, members.count == 1, let way = members.first?.name, ways.contains(way) else {
        throw refuse(name, "must be an object with s3 or ftp")
      }
      let (place, credentials) = try place(members[0].value, way, name, isTemplate: true, &fields)
      targets.append(OutputTarget(place, credentials))
    }
    return targets
  }

  /// One place with what opens it; all but the secrets are fields by which a repetition is known.
  static func place(
    _ value: JSONValue, _ way: String, _ parent: String, isTemplate: Bool,
    _ fields: inout [(name: String, value: String)]
  ) throws(Refusal) -> (CloudPlace, CloudCredentials) {
    let (known, name) = (members[way] ?? [], "\(parent).\(way)")
    guard let members = value.members else { throw refuse(name, "must be an object") }
    var texts: [String: String] = [:]
    for (member, value) in members where value != .null {
      guard known.contains(member) else {
        throw refuse("\(name).\(member)", "is not known; valid: \(known.joined(separator: ", "))")
      }
      guard let text = value.string ?? (member == "tls" && value.boolean != nil ? value.text : nil) else {
        throw refuse("\(name).\(member)", member == "tls" ? "must be true or false" : "must be a text")
      }
      texts[member] = text
    }
    let (place, credentials) = try way == "s3" ? object(texts, name) : file(texts, name)
    if let problem = place.problem(isTemplate: isTemplate) ?? credentials.problem(for: place.kind) {
      throw refuse("\(name).\(names[way]?[problem.part] ?? problem.part.rawValue)", problem.text)
    }
    fields += [(name, place.text), ("\(name).user", credentials.user)]
    return (place, credentials)
  }

  private static func object(
    _ texts: [String: String], _ name: String
  ) throws(Refusal) -> (CloudPlace, CloudCredentials) {
    let style = texts["style"].map { ($0, CloudPlace.Style(rawValue: $0)) }
    if let style, style.1 == nil {
      let valid = CloudPlace.Style.allCases.map(\.rawValue).joined(separator: ", ")
      throw refuse("\(name).style", "\"\(style.0)\" is no style; valid: \(valid)")
    }
    return (
      CloudPlace(
        s3: texts["endpoint"], region: texts["region"], bucket: texts["bucket"] ?? "", key: texts["key"] ?? "",
        style: style?.1),
      CloudCredentials(
        user: texts["access_key_id"] ?? "", password: texts["secret_access_key"] ?? "", token: texts["session_token"])
    )
  }

  private static func file(
    _ texts: [String: String], _ name: String
  ) throws(Refusal) -> (CloudPlace, CloudCredentials) {
    if let text = texts["tls"], text != "true" && text != "false" {
      throw refuse("\(name).tls", "must be true or false")
    }
    return (
      CloudPlace(ftp: texts["host"] ?? "", path: texts["path"] ?? "", needsTLS: texts["tls"] == "true"),
      CloudCredentials(user: texts["user"] ?? "anonymous", password: texts["password"] ?? "")
    )
  }

  private static func refuse(_ name: String, _ problem: String) -> Refusal {
    .invalidFields.naming([.init(name, problem)])
  }
}
