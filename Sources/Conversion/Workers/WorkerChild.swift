import Basics
import CSystem
import Formats
import Glibc

/// A child: enters the sandbox, waits for a job, does it, answers, and ends, or waits for another when it was told to stay.
enum WorkerChild {
  /// At most this often the server hears of progress.
  private static let progressPause: Int64 = 1_000_000_000

  /// Never returns: the code after the fork belongs to the parent.
  static func run(_ socket: Int32, _ settings: WorkerSettings, parent: Int32, isWide: Bool) -> Never {
    guard csystem_begin_child(socket) == 0 else { _exit(1) }
    let channel = Channel(3)
    guard let (layers, second) = Sandbox.enter(settings, parent: parent, isWide: isWide) else { _exit(1) }
    var limits = settings.limits
    limits.thread = second
    do {
      try channel.send(ChildReport.ready(layers).json)
      while try serve(channel, &limits, layers) {}
      // The second thread ends with the process; to wait for its end would only take time.
      withExtendedLifetime(second) { _exit(0) }
    } catch {
      _exit(1)
    }
  }

  /// Does one job; false when it was the last one.
  private static func serve(
    _ channel: Channel, _ limits: inout ConversionLimits, _ layers: [SandboxLayer]
  ) throws(SystemFailure) -> Bool {
    let (message, descriptors) = try channel.receiveWithDescriptors(
      atMost: ConversionFiles.mostSources + 2, longest: Channel.longestRequest)
    defer { for descriptor in descriptors { close(descriptor) } }
    guard case .document(let document) = message, let request = ChildRequest(document) else { return false }
    switch request {
    case .probe:
      try channel.send(ChildReport.probed(SandboxProbe.run(layers, limits.thread)).json)
      return false
    case .convert(let conversion, let hasOverlay, let mostBytes, let stays):
      guard let files = ConversionFiles(descriptors, hasOverlay: hasOverlay) else { _exit(1) }
      limitFiles(to: mostBytes, &limits, layers)
      let report = convert(conversion, limits, files, channel)
      try channel.send(report.json)
      // What goes wrong may have left anything behind.
      if case .done = report { return stays }
      return false
    }
  }

  /// Lowers what this process may write into a file before it looks at one; the kernel keeps it to that for good.
  private static func limitFiles(to most: Int64, _ limits: inout ConversionLimits, _ layers: [SandboxLayer]) {
    guard most < limits.maxOutputBytes else { return }
    if layers.contains(.resourceLimits), csystem_limit_file_size(UInt64(most)) != 0 { _exit(1) }
    limits.maxOutputBytes = most
  }

  private static func convert(
    _ conversion: Conversion, _ limits: ConversionLimits, _ files: ConversionFiles, _ channel: Channel
  ) -> ChildReport {
    var last = Clock.readMonotonic()
    do {
      return .done(
        try Catalogue.standard.convert(conversion, limits: limits, files: files) { percent in
          let now = Clock.readMonotonic()
          guard now - last >= progressPause else { return }
          last = now
          // Progress is a courtesy: the job goes on without it.
          try? channel.send(ChildReport.progress(percent).json)
        })
    } catch {
      return .failed(error)
    }
  }
}
