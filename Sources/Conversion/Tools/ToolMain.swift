import Basics
import CSystem
import Formats
import Glibc

/// The hidden command `wonder tool`: a small process that confines one call of a program of others, and ends it with all
/// that it has started when it is done, when it is told to, or when the server is gone.
package enum ToolMain {
  /// Serves one call over the control socket; returns the exit code.
  package static func run() -> Int32 {
    let control = Channel(ProgramFile.controlDescriptor)
    csystem_name_thread("wonder")
    guard let (message, descriptors) = try? control.receiveWithDescriptors(atMost: 3),
      case .document(let document) = message, let request = ToolRequest(document),
      descriptors.count == 1 || descriptors.count == 3
    else { return 2 }
    let pipes = descriptors.count == 3 ? (orders: descriptors[1], answers: descriptors[2]) : nil
    do {
      let report = try ToolWatch(control, request, descriptors[0], pipes).run()
      if let report { try control.send(report.json) }
      return 0
    } catch {
      // The server is gone, or there are no descriptors left; the server sees the end.
      return 1
    }
  }
}
