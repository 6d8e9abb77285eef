import Basics
import Engine
import Storage

/// Places elsewhere as the vendor names them: `amazons3` and `ftp`, each with `parameters` and `credentials`.
enum Api2ConvertClouds {
  private static let parameters = [
    "amazons3": ["bucket", "file", "region", "endpoint"], "ftp": ["host", "port", "file"],
  ]
  private static let credentials = [
    "amazons3": ["accesskeyid", "secretaccesskey", "sessiontoken"], "ftp": ["username", "password"],
  ]
  private static let names: [String: [CloudPlace.Part: String]] = [
    "amazons3": [
      .endpoint: "parameters.endpoint", .region: "parameters.region", .bucket: "parameters.bucket",
      .path: "parameters.file", .user: "credentials.accesskeyid", .password: "credentials.secretaccesskey",
    ],
    "ftp": [
      .endpoint: "parameters.host", .path: "parameters.file", .user: "credentials.username",
      .password: "credentials.password",
    ],
  ]

  /// A place with what opens it, of an input or, with names for its files, of outputs; nil when something is wrong, which is
  /// named below `place`, and the type in `member`.
  static func read(
    _ value: JSONValue, type member: String, at place: String, isTemplate: Bool, _ wrong: inout WrongFields
  ) -> (CloudPlace, CloudCredentials)? {
    let type = value[member]?.string ?? ""
    guard let known = parameters[type], let opening = credentials[type] else {
      wrong.append("\(place).\(member)", "\"\(type)\" is not there; valid: amazons3, ftp")
      return nil
    }
    let before = wrong.count
    var texts: [String: String] = [:]
    for (part, valid) in [("parameters", known), ("credentials", opening)] {
      for (name, value) in value[part]?.members ?? [] where value != .null {
        if valid.contains(name) {
          texts[name] = Api2ConvertOptions.text(value)
        } else if isTemplate || part == "credentials" && name != "decrypt_password" {
          // A parameter of an input is ignored "if not recognized" ([oas]); what opens a document is read elsewhere.
          wrong.append("\(place).\(part).\(name)", "is not known; valid: \(valid.joined(separator: ", "))")
        }
      }
    }
    guard wrong.count == before else { return nil }
    let isS3 = type == "amazons3"
    let host = (texts["host"] ?? "") + (texts["port"].map { ":" + $0 } ?? "")
    let found =
      isS3
      ? CloudPlace(
        s3: texts["endpoint"], region: texts["region"], bucket: texts["bucket"] ?? "", key: texts["file"] ?? "")
      : CloudPlace(ftp: host, path: texts["file"] ?? "")
    let opened = CloudCredentials(
      user: texts[isS3 ? "accesskeyid" : "username"] ?? (isS3 ? "" : "anonymous"),
      password: texts[isS3 ? "secretaccesskey" : "password"] ?? "", token: texts["sessiontoken"])
    if let problem = found.problem(isTemplate: isTemplate) ?? opened.problem(for: found.kind) {
      wrong.append("\(place).\(names[type]?[problem.part] ?? problem.part.rawValue)", problem.text)
      return nil
    }
    return (found, opened)
  }

  /// Where outputs go and how far that is, without what opens it.
  static func describe(_ target: JobTarget) -> JSONValue {
    let place = target.place
    let isS3 = place.kind == .s3
    return .object([
      ("type", .string(isS3 ? "amazons3" : "ftp")), ("status", .string(target.status.rawValue)),
      (
        "parameters",
        .object([
          (isS3 ? "bucket" : "host", .string(isS3 ? place.bucket : place.endpoint)), ("file", .string(place.path)),
        ])
      ), ("credentials", .object([])),
    ])
  }
}
