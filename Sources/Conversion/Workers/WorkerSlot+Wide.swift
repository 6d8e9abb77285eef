import Basics
import Formats
import Glibc
import Synchronization

extension WorkerSlot {
  /// Has a child with a second thread made and waits for it; the one that is ready stays for the next job.
  ///
  /// Nil when none comes, and a narrow one has to do.
  func makeWide(_ zygote: ZygoteProcess) -> Child? {
    guard (try? zygote.control.send(ZygoteRequest.fork(isWide: true).json)) != nil else { return nil }
    let deadline = Clock.readMonotonic() + Int64(WorkerSlot.patience) * 1_000_000
    while true {
      let left = (deadline - Clock.readMonotonic()) / 1_000_000
      guard left >= 0, let isReady = try? Channel.wait(for: [zygote.control], milliseconds: Int32(left)), isReady[0]
      else { return nil }
      guard readNews(zygote) else { return nil }
      let wide = state.withLock { state in
        defer { state.wide = nil }
        return state.wide
      }
      if let wide { return wide }
    }
  }
}
