import Basics
import Glibc
import Synchronization

/// The folders that must stay what they were at the start: one that is gone is made again where that can be right.
///
/// A folder on another file system than before is not taken for ours: its own may come back, when it is mounted again.
final class Folders: Sendable {
  private struct State {
    var identity: FileIdentity
    /// Keeps the folder open, so that no other one can have its number.
    var descriptor: Int32
    /// What was found last, and when on the monotonic clock; a folder that was made again is told of for a while.
    var finding: (text: String, at: Int64)?
    var failure: StoreFailure?
  }

  private final class Folder: Sendable {
    let part: DataPart
    let path: String
    let state: Mutex<State>

    init(part: DataPart, path: String, state: consuming State) {
      self.part = part
      self.path = path
      self.state = Mutex(state)
    }
  }

  /// How long a monitor that asks now and then may still hear of a folder that was made again.
  static let memory = Duration.seconds(30)

  private let files: Folder
  private let spool: Folder
  private let clock: Clock
  private let log: Log

  init(_ directory: DataDirectory, clock: Clock, log: Log) throws(SystemFailure) {
    files = try Folders.folder(.files, directory.filesPath)
    spool = try Folders.folder(.spool, directory.spoolPath)
    self.clock = clock
    self.log = log
  }

  private static func folder(_ part: DataPart, _ path: String) throws(SystemFailure) -> Folder {
    let descriptor = try check("open", path) { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard let identity = FileIdentity(of: descriptor) else { throw SystemFailure("stat", path) }
    return Folder(part: part, path: path, state: State(identity: identity, descriptor: descriptor))
  }

  deinit {
    for folder in [files, spool] { folder.state.withLock { _ = close($0.descriptor) } }
  }

  /// Looks at both and makes again what is gone; gives why nothing can be stored, or nil.
  ///
  /// Two system calls when all is well.
  @discardableResult
  func look() -> StoreFailure? {
    let problems = [look(files), look(spool)]
    return problems[0] ?? problems[1]
  }

  /// What was found lately, in words for the operator.
  var findings: [String] {
    let now = clock.monotonic()
    return [files, spool].compactMap { folder in
      folder.state.withLock { state in
        if let failure = state.failure { return "\(failure)" }
        guard let finding = state.finding, now - finding.at < Folders.memory.nanoseconds else { return nil }
        return finding.text
      }
    }
  }

  /// Makes one of the 256 folders again; whoever calls it has met that it is gone.
  func makeAgain(_ path: String) throws {
    if let failure = look() { throw failure }
    guard try !FileTree.exists(path) else { return }
    try DataDirectory.make(path)
    try FileBytes.sync(files.path)
    files.state.withLock { note(files, &$0, "lost \(path.split(separator: "/").last ?? "")/") }
  }

  private func look(_ folder: Folder) -> StoreFailure? {
    folder.state.withLock { state in
      switch state.identity.look(at: folder.path) {
      case .same, .unknown:
        settle(folder, &state, nil)
      case .other(let found, let isFolder) where !isFolder || found.device != state.identity.device:
        settle(folder, &state, isFolder ? "is on another file system than at the start" : "is no folder any more")
      case .other:
        settle(folder, &state, adopt(folder, &state, "was replaced") ? nil : "was replaced and cannot be used")
      case .gone:
        let isMade = (try? DataDirectory.make(folder.path)) != nil && adopt(folder, &state, "was removed")
        settle(folder, &state, isMade ? nil : "was removed and cannot be made again")
      }
      return state.failure
    }
  }

  /// Takes the folder that is there now for ours; false when it cannot be used.
  private func adopt(_ folder: Folder, _ state: inout State, _ what: String) -> Bool {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    guard let found = FileIdentity(of: descriptor), found.device == state.identity.device,
      folder.part == .spool || (try? Blobs.makeDirectories(folder.path)) != nil
    else {
      close(descriptor)
      return false
    }
    close(state.descriptor)
    state.descriptor = descriptor
    state.identity = found
    note(folder, &state, what)
    return true
  }

  /// Tells of what was made again.
  private func note(_ folder: Folder, _ state: inout State, _ what: String) {
    let next = folder.part == .files ? "; `wonder admin check` names the files that jobs miss" : ""
    state.finding = (
      "\(folder.part.rawValue) \(what) while it was in use, and was made again\(next)", clock.monotonic()
    )
    log.error("a folder of the data directory was lost", ["finding": state.finding?.text ?? "", "path": folder.path])
  }

  /// Notes how a folder is now, and logs it when that has changed.
  private func settle(_ folder: Folder, _ state: inout State, _ problem: String?) {
    let failure = problem.map { StoreFailure.lost(folder.part, how: $0) }
    guard failure != state.failure else { return }
    state.failure = failure
    if let failure {
      log.error("no job can be taken: \(failure)", ["path": folder.path])
    } else {
      log.notice("jobs can be taken again", ["path": folder.path])
    }
  }
}
