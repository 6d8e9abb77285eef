import Basics
import Conversion
import Formats
import Glibc

/// The command `wonder join URL`: this machine comes for orders of a server, and brings back what it has made.
enum JoinCommand {
  static let command = Command(
    "join", "works for a wonder server on another machine: comes for orders, and brings back what it has made",
    operands: "[URL]", count: 0...1,
    options: [
      .init("--insecure", nil, "lets the token and the files go over http to another machine")
    ],
    examples: [
      "WONDER_NODE_TOKEN_FILE=/etc/wonder/node.token wonder join https://convert.example.com",
      "wonder join https://convert.example.com --join-jobs 4",
    ]
  ) { call in
    let signals = Signals()
    DescriptorLimit.raise()
    let server = ServerCalls(
      url: try url(call), token: try token(call), agent: "wonder/\(VersionCommand.version)")
    let run = JoinRun(
      server, jobs: jobs(call), log: Log(showsPriority: getenv("JOURNAL_STREAM") != nil))
    try run.start()
    _ = signals.wait()
    run.stop()
    return .done
  }

  private static func url(_ call: Invocation) throws(UsageFailure) -> String {
    let given = call.operands.first ?? call.settings.text(.joinURL)
    guard !given.isEmpty else { throw UsageFailure("no server: `wonder join URL` or WONDER_JOIN_URL") }
    let url = given.hasSuffix("/") ? String(given.dropLast()) : given
    if url.hasPrefix("https://") { return url }
    guard url.hasPrefix("http://") else { throw UsageFailure("\(url) is no https:// address") }
    let isNear = ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { near in
      url == near || url.hasPrefix("\(near):") || url.hasPrefix("\(near)/")
    }
    guard isNear || call["--insecure"] != nil else {
      throw UsageFailure(
        "over http anybody on the way could read the files and the token; use https, or --insecure in a network that you trust"
      )
    }
    return url
  }

  private static func token(_ call: Invocation) throws(UsageFailure) -> String {
    let text = call.settings.text(.nodeToken)
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
      throw UsageFailure(
        "no token: WONDER_NODE_TOKEN, or WONDER_NODE_TOKEN_FILE with the file of what `wonder admin node add` prints")
    }
    return text
  }

  private static func jobs(_ call: Invocation) -> Int {
    let jobs = Int(call.settings.number(.joinJobs))
    return jobs > 0 ? jobs : Program.cores
  }
}
