import Basics
import Glibc
import Synchronization

/// The bytes of small files, on disk before the rows that name them, so that the files themselves may be synced later.
///
/// A file of its own needs two commits of the file system's journal until it is durable, and each waits for whatever others have
/// written. The log's two files are written over and over, which needs none, and one sync of the log is enough for all that wait
/// for one. While one file of the log is written the other one's files are synced; where that takes too long, and for larger
/// files, `write` gives nil and the caller syncs. A start writes again what is not whole.
final class RedoLog: Sendable {
  private static let mostFileBytes = 256 << 10
  private static let mostCallBytes = 1 << 20

  struct State {
    var segments: [RedoSegment] = []
    var current = 0
    var turn: UInt64 = 0
    /// Calls that have written their records since the start.
    var written = 0
    /// How many of them are on disk.
    var synced = 0
    /// True when the log cannot be used, or is not to be used any more.
    var isClosed = false
  }

  let state: Mutex<State>
  let files: String
  /// What its records begin with.
  let mark: UInt64
  let trust: DiskTrust
  let bell = Doorbell()
  /// How long nothing may have come before what is left is synced.
  let patience: Duration
  private let folder: String
  private let thread = Mutex<ServiceThread?>(nil)
  /// Held by who syncs the log; whoever waits for it is mostly served by the sync before its own.
  private let syncing = Mutex(())

  /// The log in the data directory `folder` for the files below `files`; nothing is made before it is needed.
  init(folder: String, files: String, mark: UInt64, trust: DiskTrust, patience: Duration = .seconds(1)) {
    self.folder = folder
    self.files = files
    self.mark = mark
    self.trust = trust
    self.patience = patience
    state = Mutex(State())
  }

  static func paths(in folder: String) -> [String] { [folder + "/redo-1", folder + "/redo-2"] }

  /// Puts files of the spool, which are about to get these names, on disk; gives what `placed` takes, or nil where it was not done.
  ///
  /// Throws `StoreFailure.stoppedWriting` when the sync fails.
  func write(_ paths: [String], as blobs: [String]) throws -> Int? {
    guard let sizes = RedoLog.sizes(of: paths) else { return nil }
    let lengths = sizes.map(RedoRecord.bytes)
    let total = lengths.reduce(0, +)
    guard total <= RedoLog.mostCallBytes, let (index, place, turn, descriptor) = reserve(total, blobs)
    else { return nil }
    let records = UnsafeMutableRawBufferPointer.allocate(byteCount: total, alignment: 8)
    defer { records.deallocate() }
    var start = 0
    var isWhole = true
    for (number, path) in paths.enumerated() where isWhole {
      let record = UnsafeMutableRawBufferPointer(rebasing: records[start..<start + lengths[number]])
      let content = UnsafeMutableRawBufferPointer(rebasing: record[RedoRecord.content(sizes[number])])
      isWhole = (try? FileBytes.fill(content, from: path)) ?? false
      RedoRecord.seal(record, blobs[number], size: sizes[number], turn: turn, mark: mark)
      start += lengths[number]
    }
    isWhole = isWhole && (try? FileBytes.write(UnsafeRawBufferPointer(records), to: descriptor, at: place)) != nil
    let number = state.withLock { state in
      state.segments[index].isDirty = true
      state.written += 1
      return state.written
    }
    do {
      if isWhole { try sync(upTo: number) }
    } catch {
      placed(index)
      throw error
    }
    if isWhole { return index }
    placed(index)
    return nil
  }

  /// Says that the files of a `write` have their names.
  func placed(_ index: Int) {
    let isWaitedFor = state.withLock { state in
      state.segments[index].placing -= 1
      return state.segments[index].placing == 0 && index != state.current
    }
    if isWaitedFor { bell.ring() }
  }

  /// Returns when so many calls' records are on disk.
  private func sync(upTo number: Int) throws {
    try syncing.withLock { _ in
      if let failure = trust.failure { throw failure }
      let (written, descriptors) = state.withLock { state -> (Int, [Int32]) in
        guard state.synced < number else { return (0, []) }
        defer { for index in state.segments.indices { state.segments[index].isDirty = false } }
        return (state.written, state.segments.filter(\.isDirty).map(\.descriptor))
      }
      for descriptor in descriptors where fdatasync(descriptor) != 0 {
        throw trust.lose("\(SystemFailure("fdatasync", folder + "/redo"))")
      }
      state.withLock { $0.synced = max($0.synced, written) }
    }
  }

  /// True while the bytes of a file may be in the log alone.
  func holds(_ blob: String) -> Bool {
    state.withLock { state in state.segments.contains { $0.blobs.contains(blob) } }
  }

  /// Syncs all files and empties the log, unless it is not known what is on disk.
  func close() {
    state.withLock { $0.isClosed = true }
    bell.close()
    thread.withLock(\.self)?.join()
    for index in state.withLock(\.segments).indices { settle(index) }
    state.withLock { state in
      for segment in state.segments {
        if segment.end == 0, trust.failure == nil { ftruncate(segment.descriptor, 0) }
        Glibc.close(segment.descriptor)
      }
      state.segments = []
    }
  }

  /// The sizes of files, or nil where one of them is too large for the log or is not there.
  private static func sizes(of paths: [String]) -> [Int]? {
    guard paths.count <= mostCallBytes / RedoRecord.page else { return nil }
    var sizes: [Int] = []
    for path in paths {
      var status = stat()
      guard stat(path, &status) == 0, status.st_size <= mostFileBytes else { return nil }
      sizes.append(Int(status.st_size))
    }
    return sizes
  }

  private func reserve(_ bytes: Int, _ blobs: [String]) -> (index: Int, place: Int, turn: UInt64, descriptor: Int32)? {
    let (place, rings) = state.withLock { state -> ((Int, Int, UInt64, Int32)?, Bool) in
      guard !state.isClosed, trust.failure == nil, open(&state) else { return (nil, false) }
      var rings = !state.segments.contains { $0.end > 0 }
      if !state.segments[state.current].takes(bytes) {
        let other = 1 - state.current
        guard state.segments[other].end == 0, state.segments[other].takes(bytes) else { return (nil, rings) }
        state.current = other
        rings = true
      }
      let index = state.current
      if state.segments[index].end == 0 {
        state.turn += 1
        state.segments[index].turn = state.turn
      }
      let place = state.segments[index].end
      state.segments[index].end += bytes
      state.segments[index].highest = max(state.segments[index].highest, state.segments[index].end)
      state.segments[index].blobs += blobs
      state.segments[index].placing += 1
      return ((index, place, state.segments[index].turn, state.segments[index].descriptor), rings)
    }
    if rings { bell.ring() }
    return place
  }

  /// Makes the two files and the thread that syncs, the first time; false where they cannot be had.
  private func open(_ state: inout State) -> Bool {
    guard state.segments.isEmpty else { return true }
    do {
      for path in RedoLog.paths(in: folder) {
        let descriptor = try check("open", path) { Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        state.segments.append(RedoSegment(descriptor: descriptor))
        try check("ftruncate", path) { ftruncate(descriptor, 0) }
      }
      // A name that is not on disk would leave an older file of that name, or none, to the next start.
      try FileBytes.sync(folder)
      let thread = try ServiceThread(trying: "redo") { [self] in serve() }
      self.thread.withLock { $0 = thread }
      return true
    } catch {
      for segment in state.segments { Glibc.close(segment.descriptor) }
      state.segments = []
      state.isClosed = true
      return false
    }
  }
}
