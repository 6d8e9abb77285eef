import Basics
import Glibc
import Storage

/// The command `wonder admin diagnostics`.
enum DiagnosticsCommand {
  static let command = Command(
    "admin diagnostics",
    "writes what helps others to help: versions, settings, findings, figures and failures, without secrets or names",
    operands: "FILE", count: 1...1, examples: ["wonder admin diagnostics /tmp/wonder-diagnostics.tar"]
  ) { call in
    let path = call.operands[0]
    guard path != "-" else {
      throw UsageFailure("standard output tells what is in it, so it needs the name of a file")
    }
    // Opened as whoever calls, for after this the process belongs to the owner of the data directory.
    let descriptor = try check("open", path) { open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) }
    defer { close(descriptor) }
    let files = Diagnostics(settings: call.settings).files()
    try FileBytes.writeAll(TarArchive.bytes(files, at: Clock.system.now()), to: descriptor, named: path)
    call.console.out("\(path): \(files.map(\.name).joined(separator: ", "))")
    call.console.error("read it before you send it; the log is not in it: journalctl -u wonder --since yesterday")
    return .done
  }
}
