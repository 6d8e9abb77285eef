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
    let addresses = try serve.start()
    for address in addresses { call.console.out("wonder: listening on http://\(address)") }
    if let token = try serve.makeSetupLink(), let address = addresses.first {
      let configured = call.settings.text(.publicURL)
      let base = configured.isEmpty ? "http://\(address)" : configured
      call.console.out(
        "wonder: nobody administers this server yet; sign in once at " + ServerAddress.link(base, "setup", token))
    }
    log.notice("stopping", ["signal": signals.wait()])
    serve.stop()
    return .done
  }
}
