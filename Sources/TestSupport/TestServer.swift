package import Appliance
package import Basics
package import Conversion
package import Dialects
import Engine
package import Formats
import Glibc
package import Storage

/// A whole appliance in this process, on a free port and a fresh data directory, with a key for its workspace.
package final class TestServer: Sendable {
  package let directory: TemporaryDirectory
  package let serve: Serve
  package let client: TestClient
  package let key: String

  package var dataPath: String { directory.path + "/data" }

  /// `settings` are values by name on top of the defaults; `prepare` changes rows before the server starts.
  package convenience init(
    settings: [String: String] = [:], clock: Clock = .system, plan: String = "enterprise", log: Log = .silent,
    masked: Set<SandboxLayer> = [], patience: Duration = .seconds(30), dialects: [AllDialects.Row] = AllDialects.all,
    makers: [any Maker] = Makers.builtIn, toolbox: Toolbox? = Toolbox(), folders: [String] = Toolbox.folders,
    prepare: @escaping @Sendable (Database) throws -> Void = { _ in }
  ) throws {
    let directory = try TemporaryDirectory()
    let key = try TestServer.issueKey(
      data: directory.path + "/data", workspace: "api-workspace", plan: plan, clock: clock, prepare)
    try self.init(
      directory, key: key, settings: settings, clock: clock, log: log, masked: masked, patience: patience,
      dialects: dialects, makers: makers, toolbox: toolbox, folders: folders)
  }

  /// A server on the files as they are now in the data directory of another one, as if that had been killed.
  package convenience init(after other: TestServer, dialects: [AllDialects.Row] = AllDialects.all) throws {
    let directory = try TemporaryDirectory()
    let copied = try Shell.run("cp", "-a", other.dataPath, directory.path + "/data")
    guard copied.code == 0 else { throw SystemFailure("cp", other.dataPath) }
    try self.init(
      directory, key: other.key, settings: [:], clock: .system, log: .silent, masked: [], patience: .seconds(30),
      dialects: dialects, makers: Makers.builtIn, toolbox: Toolbox())
  }

  private init(
    _ directory: TemporaryDirectory, key: String, settings: [String: String], clock: Clock, log: Log,
    masked: Set<SandboxLayer>, patience: Duration, dialects: [AllDialects.Row], makers: [any Maker],
    toolbox: Toolbox?, folders: [String] = Toolbox.folders
  ) throws {
    self.directory = directory
    self.key = key
    let values = ["WONDER_DATA": directory.path + "/data", "WONDER_LISTEN": "127.0.0.1:0", "WONDER_WORKERS": "2"]
      .merging(settings) { $1 }
    serve = try Serve(
      settings: Settings(flags: values), program: ProgramFile(BuiltProgram.path), log: log, clock: clock,
      masked: masked, patience: patience, dialects: dialects, makers: makers, toolbox: toolbox, folders: folders)
    let address = try serve.start().first ?? ""
    client = TestClient(port: UInt16(address.split(separator: ":").last ?? "") ?? 0)
  }

  deinit {
    serve.stop()
  }

  /// A new key in a data directory that nobody serves.
  package static func issueKey(
    data: String, workspace: String, plan: String, clock: Clock = .system,
    _ prepare: @escaping @Sendable (Database) throws -> Void = { _ in }
  ) throws -> String {
    try FreshDatabase.put(into: data)
    let store = try Store(path: data, clock: clock)
    defer { store.close() }
    let key = KeyMaker.makeKey(prefix: "wc_", .system)
    try store.writeBlocking { database in
      let id = try Workspaces.insert(slug: workspace, name: workspace, plan: plan, at: clock.now(), in: database)
      let row = NewKeyRow(
        workspaceID: id, hash: key.hash, hint: key.hint, name: "test", webhookSecret: "whsec_test",
        createdAt: clock.now())
      _ = try Keys.insert(row, in: database)
      try prepare(database)
    }
    return key.text
  }

  /// Submits a form and gives the answer.
  package func submit(_ form: MultipartForm, _ headers: [(String, String)] = []) throws -> TestReply {
    try client.send("POST", "/api/v1/jobs", key: key, [("Content-Type", form.contentType)] + headers, body: form.body)
  }

  /// Asks the admin API over the socket in the data directory.
  package func admin(_ method: String, _ path: String, _ body: String = "") throws -> TestReply {
    guard let socket = try UnixSocket.connect(dataPath + "/wonder.sock") else {
      throw SystemFailure("connect", "socket")
    }
    defer { close(socket) }
    let head = "\(method) /admin/api/v1\(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    let text = head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
    try TestClient.write(Array(text.utf8), to: socket)
    return try TestClient.reply(from: TestClient.readAll(socket))
  }

  /// Asks for a job until it has ended.
  package func ended(_ requestID: String) throws -> TestReply {
    while true {
      let reply = try client.get("/api/v1/jobs/\(requestID)", key: key)
      let status = reply.json["job"]?["status"]?.string
      if reply.status != 200 || ["completed", "failed", "canceled"].contains(status) { return reply }
      sched_yield()
    }
  }

  /// The path of a link without its address.
  package func path(of link: String?) -> String {
    "/" + (link ?? "").split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true).dropFirst(2).joined()
  }

  /// The names of all files that jobs or uploads have left in the data directory.
  package func files() throws -> [String] {
    var found = try FileTree.names(in: dataPath + "/spool")
    for name in try FileTree.names(in: dataPath + "/files") {
      found += try FileTree.names(in: dataPath + "/files/" + name)
    }
    return found
  }
}
