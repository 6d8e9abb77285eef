import Basics
import Conversion
import Formats
import Glibc

/// The command `wonder join URL`: this machine comes for orders of a server, and brings back what it has made.
enum JoinCommand {
  static let command = Command(
    "join", "works for a wonder server on another machine: comes for orders, and brings back what it has made",
    operands: "URL", count: 1...1,
    options: [
      .init("--token-file", "FILE", "the file with the token of `wonder admin node add`; else WONDER_NODE_TOKEN"),
      .init("--jobs", "N", "orders at once; else one for each processor"),
      .init("--insecure", nil, "lets the token and the files go over http to another machine"),
    ],
    examples: [
      "wonder join https://convert.example.com --token-file /etc/wonder/node.token",
      "WONDER_NODE_TOKEN=wn_… wonder join https://convert.example.com --jobs 4",
    ]
  ) { call in
    let signals = Signals()
    DescriptorLimit.raise()
    let server = try ServerCalls(
      url: url(call), token: try token(call), agent: "wonder/\(VersionCommand.version)")
    let run = JoinRun(
      server, jobs: try jobs(call), log: Log(showsPriority: getenv("JOURNAL_STREAM") != nil),
      settings: call.settings)
    try run.start()
    _ = signals.wait()
    run.stop()
    return .done
  }

  private static func url(_ call: Invocation) throws(UsageFailure) -> String {
    let url = call.operands[0].hasSuffix("/") ? String(call.operands[0].dropLast()) : call.operands[0]
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

  private static func token(_ call: Invocation) throws -> String {
    var text = getenv("WONDER_NODE_TOKEN").map { SystemText.text($0) }
    if let path = call["--token-file"] {
      let file = try check("open", path) { open(SystemText.cString(path), O_RDONLY | O_CLOEXEC) }
      defer { close(file) }
      var bytes = [UInt8](repeating: 0, count: 200)
      let count = try check("read", path) { read(file, &bytes, bytes.count) }
      text = String(decoding: bytes[..<count].prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    }
    guard let text, !text.isEmpty, text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
      throw UsageFailure("no token: --token-file FILE or WONDER_NODE_TOKEN")
    }
    return text
  }

  private static func jobs(_ call: Invocation) throws(UsageFailure) -> Int {
    guard let text = call["--jobs"] else { return Program.cores }
    guard let jobs = Int(text), (1...256).contains(jobs) else {
      throw UsageFailure("--jobs is a number from 1 to 256")
    }
    return jobs
  }
}
