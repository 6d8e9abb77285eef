import Basics
import Glibc
import Storage

/// Makes the states of a history, in files or as figures to tell them apart; one thread has it, which asks in rising order.
final class PowerMirror {
  private struct Kept {
    var made = 0
    var content: PowerTree.Content
  }

  /// What is not compared: it is emptied or made anew at a start, whatever it holds, and SQLite's shared memory with it.
  private static let passing: Set<String> = ["spool", "wonder.sock", "ballast", "wonder.db-shm"]

  private let history: PowerHistory
  /// By object, for changes that are kept whoever synced them, and for those that were synced.
  private var kept: [[Int: Kept]] = [[:], [:]]

  init(_ history: PowerHistory) {
    self.history = history
  }

  /// What an object holds in a state.
  func content(of number: Int, in state: PowerState) -> PowerTree.Content {
    let object = history.objects[number]
    if case .other = object.start { return .other }
    let keepsAll = object.isFolder ? state.keepsNames : state.keepsBytes
    let made = keepsAll ? object.made(by: state.point) : object.durable(by: state.point)
    let odd = state.odd?.object == number ? state.odd?.change : nil
    guard let odd else { return prefix(of: number, made, keepsAll) }
    var content = prefix(of: number, min(odd, made), keepsAll)
    if !keepsAll || state.torn != nil { apply(object.changes[odd].step, to: &content, state.torn) }
    if odd + 1 < made { for change in object.changes[odd + 1..<made] { apply(change.step, to: &content) } }
    return content
  }

  private func prefix(of number: Int, _ made: Int, _ keepsAll: Bool) -> PowerTree.Content {
    let object = history.objects[number]
    if made == 0 { return object.start }
    let list = keepsAll ? 0 : 1
    var found = kept[list].removeValue(forKey: number) ?? Kept(content: object.start)
    if found.made > made { found = Kept(content: object.start) }
    for change in object.changes[found.made..<made] { apply(change.step, to: &found.content) }
    found.made = made
    kept[list][number] = found
    return found.content
  }

  private func apply(_ step: PowerHistory.Step, to content: inout PowerTree.Content, _ torn: PowerState.Torn? = nil) {
    switch content {
    case .file(var bytes):
      // Held by one alone while it is changed.
      content = .other
      apply(step, to: &bytes, torn)
      content = .file(bytes)
    case .folder(var names):
      if case .names(let changed) = step { for (name, object) in changed { names[name] = object } }
      content = .folder(names)
    case .other: break
    }
  }

  private func apply(_ step: PowerHistory.Step, to bytes: inout [UInt8], _ torn: PowerState.Torn?) {
    func grow(to size: Int) { if bytes.count < size { bytes += [UInt8](repeating: 0, count: size - bytes.count) } }
    switch step {
    case .bytes(let start, let range):
      let half = min(range.count, (range.count / 2 + 511) / 512 * 512)
      let part = torn.map { $0 == .first ? 0..<half : half..<range.count } ?? 0..<range.count
      let source = range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound
      grow(to: start + part.upperBound)
      bytes.withUnsafeMutableBytes { target in
        history.bytes.withUnsafeBytes { all in
          UnsafeMutableRawBufferPointer(rebasing: target[(start + part.lowerBound)...]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: all[source]))
        }
      }
    case .size(let size):
      if size < bytes.count { bytes.removeLast(bytes.count - size) } else { grow(to: size) }
    case .grow(let size): grow(to: size)
    case .names: break
    }
  }

  /// Which objects can be reached in a state, and a number that tells it from others; what passes is left out.
  func look(_ state: PowerState) -> (key: Int, reached: Set<Int>) {
    var reached: Set<Int> = []
    var key = 0
    func walk(_ number: Int, _ path: Int) {
      reached.insert(number)
      let object = history.objects[number]
      let keepsAll = object.isFolder ? state.keepsNames : state.keepsBytes
      guard case .folder(let names) = content(of: number, in: state) else {
        var hasher = Hasher()
        hasher.combine(path)
        hasher.combine(number)
        hasher.combine(keepsAll ? object.made(by: state.point) : object.durable(by: state.point))
        key ^= hasher.finalize()
        return
      }
      key ^= path
      for (name, next) in names where !Self.passing.contains(name) {
        var hasher = Hasher()
        hasher.combine(path)
        hasher.combine(name)
        walk(next, hasher.finalize())
      }
    }
    walk(0, 1)
    return (key, reached)
  }

  /// Writes a state into an empty folder.
  func write(_ state: PowerState, to path: String) throws {
    var paths: [Int: String] = [:]
    func write(_ number: Int, _ path: String) throws {
      if let other = paths[number] {
        if !history.objects[number].isFolder { try check("link", path) { link(other, path) } }
        return
      }
      paths[number] = path
      switch content(of: number, in: state) {
      case .file(let bytes): try PowerMirror.write(bytes, to: path)
      case .folder(let names):
        if mkdir(path, 0o700) != 0 && errno != EEXIST { throw SystemFailure("mkdir", path) }
        for (name, next) in names { try write(next, path + "/" + name) }
      case .other: try check("mknod", path) { mknod(path, S_IFSOCK | 0o600, 0) }
      }
    }
    try write(0, path)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try check("open", path) { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    defer { close(file) }
    // The ballast is room and nothing else.
    if path.hasSuffix("/ballast") {
      _ = try check("ftruncate", path) { ftruncate(file, off_t(bytes.count)) }
    } else {
      try FileBytes.writeAll(bytes, to: file, named: path)
    }
  }

  /// Every path of a state with its bytes; nil for what is no file.
  func files(in state: PowerState) -> [String: [UInt8]?] {
    var found: [String: [UInt8]?] = [:]
    func walk(_ number: Int, _ path: String) {
      switch content(of: number, in: state) {
      case .file(let bytes): found[path] = .some(bytes)
      case .folder(let names):
        found[path] = .some(nil)
        for (name, next) in names { walk(next, path + "/" + name) }
      case .other: found[path] = .some(nil)
      }
    }
    walk(0, "")
    return found
  }
}
