import Basics
import Dashboard
import Glibc
import Storage

/// The commands around backups.
enum BackupCommands {
  static let all = [backup, verify, restore]

  private static let backup = Command(
    "admin backup", "writes the database, the files of jobs and the secret key into one file, while the server runs",
    operands: "FILE", count: 1...1, options: [AdminCommands.json],
    examples: ["wonder admin backup /srv/backups/wonder.tar"]
  ) { call in
    // Before a server copies its database for it.
    let path = try place(call.operands[0])
    try check("open", path) { access(FileBytes.directory(of: path), W_OK) }
    let data = call.settings.text(.data)
    let client = try DirectoryOwner.acting(asOwnerOf: data) { try AdminClient.connect(call.settings) }
    defer { DirectoryOwner.acting(asOwnerOf: data) { client.close() } }
    let answer = try DirectoryOwner.acting(asOwnerOf: data) {
      try client.ask("POST", AdminAPI.prefix + "/backups")["backup"] ?? .null
    }
    let snapshot = try snapshot(answer)
    defer { remove(snapshot, client, data) }
    let bar = ProgressBar("writing", call.console)
    // What lacks a file must not take the place of a whole backup, nor its name.
    let target = snapshot.missing.isEmpty ? path : path + ".incomplete"
    do {
      // The server goes on beside it.
      try ServiceThread.yielding("backup") {
        try BackupFile.write(snapshot, to: target, at: Clock.system.now(), progress: { bar.show($0, of: $1) })
      }
    } catch {
      // A server that starts removes what the one before it has laid out.
      guard access(SystemText.cString(snapshot.path), F_OK) != 0 else { throw error }
      throw AdminFailure(
        description:
          "the server was started again meanwhile, which ended this backup: \(target) was not written; make it again")
    }
    bar.end()
    if call["--json"] != nil {
      call.console.out(answer.text)
    } else {
      call.console.out("\(target): \(describe(snapshot.header))")
    }
    guard !snapshot.missing.isEmpty else { return .done }
    call.console.error(
      "wonder admin backup: \(snapshot.missing.count) files that jobs name were not there, so there is only \(target); "
        + "`wonder admin check` lists them")
    return .failed
  }

  /// The file that a backup takes the place of, a link followed.
  ///
  /// Throws `UsageFailure` for "-" and for what is no file, as standard output mostly: it would be replaced by one.
  private static func place(_ operand: String) throws -> String {
    let name = SystemText.cString(operand)
    var facts = stat()
    guard operand != "-" else {
      throw UsageFailure("a backup is put into the place of a file when it is whole, so it needs the name of one")
    }
    guard lstat(name, &facts) == 0 else { return operand }
    let isLink = facts.st_mode & S_IFMT == S_IFLNK
    guard stat(name, &facts) == 0 else { throw SystemFailure("open", operand) }
    if facts.st_mode & S_IFMT == S_IFDIR { throw SystemFailure("open", operand, code: EISDIR) }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw UsageFailure("\(HiddenText.escaping(operand)) is no file, and a backup would take its place")
    }
    guard isLink else { return operand }
    guard let real = realpath(name, nil) else { throw SystemFailure("realpath", operand) }
    defer { free(real) }
    return SystemText.text(real)
  }

  private static let verify = Command(
    "admin verify", "reads a backup, or the data directory, and compares every file with its job and its sum",
    operands: "[FILE]", count: 0...1, examples: ["wonder admin verify /srv/backups/wonder.tar", "wonder admin verify"]
  ) { call in
    guard let path = call.operands.first else { return try verifyData(call) }
    let bar = ProgressBar("reading", call.console)
    let scratch = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let report = try BackupCheck.verify(path, scratch: scratch, progress: { bar.show($0, of: $1) })
    bar.end()
    return conclude(report.problems, "\(path): sound, \(describe(report.header))", call)
  }

  private static let restore = Command(
    "admin restore", "makes a data directory, which must be empty or missing, from a backup", operands: "FILE",
    count: 1...1, examples: ["wonder admin restore /srv/backups/wonder.tar --data /srv/wonder"]
  ) { call in
    let path = call.operands[0]
    let data = call.settings.text(.data)
    // The backup may be readable to root only, and the directory another user's.
    let descriptor = try check("open", path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    try DirectoryOwner.become(ownerOf: data)
    let bar = ProgressBar("restoring", call.console)
    let header = try Restore.run(from: descriptor, named: path, into: data, progress: { bar.show($0, of: $1) })
    bar.end()
    call.console.out("\(data): restored, \(describe(header))")
    return .done
  }

  private static func verifyData(_ call: Invocation) throws -> Command.Outcome {
    let client = try AdminClient.connect(call.settings)
    defer { client.close() }
    let answer = try client.ask("POST", AdminAPI.prefix + "/verify")["verify"]
    let problems = answer?["problems"]?.array?.compactMap(\.string) ?? ["the server did not say"]
    return conclude(problems, "\(call.settings.text(.data)): sound", call)
  }

  private static func conclude(_ problems: [String], _ praise: String, _ call: Invocation) -> Command.Outcome {
    if problems.isEmpty { call.console.out(praise) }
    for problem in problems { call.console.error("wonder admin verify: \(problem)") }
    return problems.isEmpty ? .done : .failed
  }

  private static func snapshot(_ answer: JSONValue) throws -> Snapshot {
    guard let path = answer["path"]?.string, let createdAt = answer["created_at"]?.string,
      let schema = answer["schema"]?.integer, let files = answer["files"]?.integer,
      let bytes = answer["bytes"]?.integer
    else { throw AdminFailure(description: "the server did not describe its snapshot") }
    return Snapshot(
      path: path, header: BackupHeader(createdAt: createdAt, schema: schema, files: files, bytes: bytes),
      missing: answer["missing_files"]?.array?.compactMap(\.string) ?? [])
  }

  /// A snapshot that stays behind goes with the next start, or after two days.
  private static func remove(_ snapshot: Snapshot, _ client: AdminClient, _ data: String) {
    let name = snapshot.path.split(separator: "/").last.map(String.init) ?? ""
    DirectoryOwner.acting(asOwnerOf: data) {
      _ = try? client.ask("DELETE", AdminAPI.prefix + "/backups/" + name)
    }
  }

  private static func describe(_ header: BackupHeader) -> String {
    "\(header.files) files, \(header.bytes) bytes, taken \(header.createdAt)"
  }
}
