import Basics
import CSystem
import Formats
import Glibc

/// The hidden command `wonder worker`: a small process that stays clean and forks a child for each job, one ahead.
///
/// It has a single thread, so forking is safe and its children may ask to die with it.
package enum WorkerMain {
  /// Serves until the server closes the control socket; returns the exit code.
  package static func run() -> Int32 {
    let control = Channel(ProgramFile.controlDescriptor)
    // A program that is run by its descriptor would be called by its number.
    csystem_name_thread("wonder")
    do {
      guard case .document(let document) = try control.receive(),
        case .begin(let settings)? = ZygoteRequest(document)
      else { return 2 }
      if settings.rehearses { Rehearsal.run() }
      let signals = csystem_child_signals()
      guard signals >= 0 else { return 1 }
      let zygote = Zygote(control: control, signals: Channel(signals), settings: settings)
      defer { zygote.endChildren() }
      try zygote.serve()
      return 0
    } catch {
      // The server is gone, or this process has no descriptors left; the server sees the end and starts another.
      return 1
    }
  }
}
