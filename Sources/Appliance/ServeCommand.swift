import Basics
import Glibc

/// The command `wonder serve`.
enum ServeCommand {
  static let command = Command(
    "serve", "runs the appliance in the foreground",
    examples: ["wonder serve", "wonder serve --listen 127.0.0.1:9000 --data /srv/wonder"]
  ) { call in
    let signals = Signals()
    DescriptorLimit.raise()
    try DirectoryOwner.become(ownerOf: call.settings.text(.data))
    let style = Log.Style(rawValue: call.settings.text(.log)) ?? .text
    let log = Log(style: style, showsPriority: getenv("JOURNAL_STREAM") != nil)
    if geteuid() == 0 { log.warning("running as root; an own user for the data directory is safer") }
    let serve = try Serve(settings: call.settings, executable: Program.path, log: log)
    let token = setupToken(serve, log)
    let addresses = try serve.start()
    for address in addresses { call.console.out("wonder: listening on http://\(address)") }
    if let token, let address = addresses.first { printSetupLink(token, address, call) }
    log.notice("stopping", ["signal": signals.wait()])
    serve.stop()
    return .done
  }

  /// Lets the first administrator in, while there is none; a disk that fails is no reason not to serve.
  private static func setupToken(_ serve: Serve, _ log: Log) -> String? {
    do { return try serve.makeSetupLink() } catch {
      log.warning("no setup link could be made", ["error": "\(error)"])
      return nil
    }
  }

  private static func printSetupLink(_ token: String, _ address: String, _ call: Invocation) {
    let configured = call.settings.text(.publicURL)
    let link = ServerAddress.link(configured.isEmpty ? "http://\(address)" : configured, "setup", token)
    call.console.out("wonder: nobody administers this server yet; sign in once at \(link)")
  }
}
