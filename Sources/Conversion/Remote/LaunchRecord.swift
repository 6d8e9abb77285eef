import Basics
import Glibc

/// What is written down of a launch, so that a server that starts anew finds it: its process and its folders.
///
/// Beside the record lie what the launcher prints (`.out`) and what it complains of (`.err`).
struct LaunchRecord {
  private static let prefix = "launch-"
  private static let suffix = ".json"

  let name: String
  /// Nil where it was not started.
  var process: pid_t?
  /// When the process was started, by the machine's ticks: another one may have its number now.
  var startedAt: String?
  /// The names of the folders, in their order.
  let folders: [String]

  func path(_ place: String, _ ending: String) -> String { "\(place)/\(LaunchRecord.prefix)\(name).\(ending)" }

  func write(in place: String) throws(SystemFailure) {
    let document = JSONValue.object([
      ("process", process.map { .integer(Int64($0)) } ?? .null),
      ("started", startedAt.map(JSONValue.string) ?? .null), ("folders", .array(folders.map(JSONValue.string))),
    ])
    let path = path(place, "json")
    let file = try check("open", path) { open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) }
    defer { close(file) }
    _ = try JobFolder.write(Array(document.text.utf8), to: file)
  }

  func remove(in place: String) { for ending in ["json", "out", "err"] { unlink(path(place, ending)) } }

  /// True while its process runs.
  var runs: Bool { process.map { LaunchRecord.startTime(of: $0) == startedAt } ?? false }

  /// Nil where there is no such process, or where it has ended and is not collected.
  static func startTime(of process: pid_t) -> String? {
    guard let text = LaunchRecord.text("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    // proc(5): the state is the first field behind the name, and the start time the 20th.
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 19 && fields[0] != "Z" ? String(fields[19]) : nil
  }

  /// All that are written down in a folder.
  static func all(in place: String) -> [LaunchRecord] {
    names(in: place).filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.map { file in
      let document = text("\(place)/\(file)").flatMap { try? JSONReader.parse(Array($0.utf8)) }
      return LaunchRecord(
        name: String(file.dropFirst(prefix.count).dropLast(suffix.count)),
        process: document?["process"]?.integer.flatMap(pid_t.init(exactly:)), startedAt: document?["started"]?.string,
        folders: document?["folders"]?.array?.compactMap(\.string) ?? [])
    }
  }

  /// The names in a folder, sorted.
  static func names(in place: String) -> [String] {
    guard let list = opendir(place) else { return [] }
    defer { closedir(list) }
    var names: [String] = []
    while let entry = readdir(list) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { SystemText.text($0) }
        })
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }

  /// The first bytes of a small file.
  static func text(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(file, &bytes, bytes.count)
    return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
  }
}
