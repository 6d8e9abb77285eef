import Basics
import Conversion
import Formats
import Glibc
import Outbound

/// The hidden command `wonder step FOLDER…`: carries out orders of a server on this machine, one after the other.
///
/// It knows no database and no way back to the server: what it needs is in the folders, and so is what it leaves.
enum StepCommand {
  static let command = Command(
    "step", "carries out steps for a server on another machine", operands: "FOLDER...",
    count: 1...AssignmentLine.bundle, isHidden: true
  ) { call in
    let signals = Signals()
    let folders = call.operands.map { RemoteFolder(path: $0) }
    let life = StepLife(folders) { call.console.out($0.text) }
    life.tell(.started(host: StepCommand.host))
    _ = try ServiceThread(trying: "signals") {
      _ = signals.wait()
      life.cancel()
    }
    let heart = try ServiceThread(trying: "heart") { life.beat() }
    defer {
      life.end()
      heart.join()
    }
    var hasFailed = false
    var shop: RemoteShop?
    defer { shop?.close() }
    for (number, folder) in folders.enumerated() {
      guard let order = folder.order else {
        hasFailed = true
        call.console.error("wonder step: \(folder.path) has no order that can be read")
        continue
      }
      if shop?.settings != order.settings {
        shop?.close()
        shop = try RemoteShop(order.settings)
      }
      guard let shop, life.begin(number) else { continue }
      let result = shop.work.result(
        of: order, in: folder,
        watch: Watch(progress: { life.tell(.progress(number, percent: $0)) }, isCanceled: { life.isCanceled(number) }))
      do throws(SystemFailure) {
        try folder.end(result)
        life.tell(.ended(number))
      } catch {
        hasFailed = true
        call.console.error("wonder step: \(error)")
      }
    }
    return hasFailed ? .failed : .done
  }

  /// What this machine calls itself.
  static var host: String {
    // A cluster's own name for it, where several stand on one machine.
    getenv("SLURMD_NODENAME").map { SystemText.text($0) } ?? Program.host
  }
}
