import Basics

/// The `admin` commands about places elsewhere that workspaces keep.
enum StorageCommands {
  private static let largestSecret = 8 << 10

  static let all: [Command] = [
    AdminCommands.listing(
      "admin storages", "lists the storages of a workspace, without what opens them", operands: "SLUG",
      path: { call in "/storages" + AdminCommands.query([("workspace", call.operands[0])]) }, member: "storages",
      columns: [
        .init("NAME", "name"), .init("KIND", "kind"), .init("ENDPOINT", "endpoint"), .init("REGION", "region"),
        .init("BUCKET", "bucket"), .init("KEY", "access_key_id"), .init("HOST", "host"), .init("TLS", "tls"),
        .init("USER", "user"), .init("CHANGED", "changed_at"),
      ], examples: ["wonder admin storages acme"]),
    set,
    AdminCommands.record(
      "admin storage remove", "removes a storage; jobs that were accepted go on", operands: "SLUG NAME", count: 2...2,
      method: "DELETE", path: path, member: nil, examples: ["wonder admin storage remove acme results"]),
    Command(
      "admin storage test", "tries whether a storage can be reached and opened; exit code 1 when it cannot",
      operands: "SLUG NAME", count: 2...2, options: [AdminCommands.json],
      examples: ["wonder admin storage test acme results"]
    ) { call in
      let found = try AdminCommands.ask(call, "POST", path(call) + "/test", nil)["test"]
      if call["--json"] != nil {
        AdminCommands.show(found, call)
      } else {
        call.console.out(found?["message"]?.string ?? "")
      }
      return found?["works"]?.boolean == true ? .done : .failed
    },
  ]

  /// The words that say where it is and as whom it is opened; what opens it stands on no command line.
  private static let words: [(name: String, option: Command.Option)] = [
    ("endpoint", .init("--endpoint", "URL", "of s3: scheme, host and port of the store (Amazon's)")),
    ("region", .init("--region", "NAME", "of s3 (us-east-1)")),
    ("bucket", .init("--bucket", "NAME", "of s3 (any)")),
    ("style", .init("--style", "STYLE", "of s3: path or host, where the bucket stands", among: ["path", "host"])),
    ("access_key_id", .init("--access-key-id", "ID", "of s3")),
    ("host", .init("--host", "HOST", "of ftp, with a port if need be")),
    ("user", .init("--user", "NAME", "of ftp (anonymous)")),
  ]

  private static let set = Command(
    "admin storage set",
    "keeps a place elsewhere, or replaces the one of that name; the secret access key or the password is read from "
      + "standard input",
    operands: "SLUG NAME s3|ftp", count: 3...3,
    options: words.map(\.option) + [
      .init("--tls", nil, "of ftp: nothing is sent before the connection is encrypted"),
      .init("--secret-file", "FILE", "read the secret from a file"), AdminCommands.json,
    ],
    examples: [
      "wonder admin storage set acme results s3 --bucket results --region eu-central-1 --access-key-id AKIA… < secret",
      "wonder admin storage set acme inbox ftp --host ftp.example.com --user ann --tls --secret-file password",
    ]
  ) { call in
    let kind = call.operands[2]
    var body: [(name: String, value: JSONValue)] = [("kind", .string(kind))]
    body += words.compactMap { word in call[word.option.name].map { (word.name, .string($0)) } }
    if call["--tls"] != nil { body.append(("tls", .boolean(true))) }
    body.append((kind == "ftp" ? "password" : "secret_access_key", .string(try secret(call["--secret-file"]))))
    AdminCommands.show(try AdminCommands.ask(call, "PUT", path(call), .object(body))["storage"], call)
    return .done
  }

  /// The first line, for editors and shells end it.
  private static func secret(_ file: String?) throws -> String {
    let bytes = try InputFile.bytes(file ?? InputFile.standard, atMost: largestSecret)
    return String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
  }

  @Sendable private static func path(_ call: Invocation) -> String {
    "/storages/" + call.operands.prefix(2).map(PercentEncoding.segment).joined(separator: "/")
  }
}
