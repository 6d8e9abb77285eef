import Basics
import Glibc

/// Where a command writes: a file, "-" for standard output, or what stands at the output's place and is no file.
///
/// A file is written aside and takes its place when it is whole, so that a failed conversion leaves an older one as it was.
/// A symbolic link is followed, and a device or pipe is written to: nothing that is there is replaced by something of another
/// kind. What takes the place of a file is its owner's, its group's, and readable for whom it was, as far as this user may
/// arrange that.
final class OutputFile {
  /// What stands for standard output: the usual word, and the names that the system has for it.
  private static let standard = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]

  /// So many files that were not finished may lie beside one.
  private static let mostLeft = 1000

  let descriptor: Int32
  private let path: String
  /// What is renamed to what; nil for what goes through a pipe.
  private let move: (from: String, to: String)?

  /// Throws `UsageFailure` where it would replace one of the files that are to be spared.
  init(_ path: String, sparing: Set<FileIdentity> = []) throws {
    self.path = path
    guard let place = try OutputFile.place(of: path) else {
      move = nil
      descriptor = try AnonymousFile.make()
      return
    }
    var facts = stat()
    let isThere = stat(SystemText.cString(place), &facts) == 0
    guard !isThere || !sparing.contains(FileIdentity(facts)) else {
      throw UsageFailure("\(HiddenText.escaping(path)) is an input, too; --force writes over it")
    }
    let new = try OutputFile.new(besides: place, named: path, mode: isThere ? 0o600 : 0o666)
    (descriptor, move) = (new.descriptor, (new.path, place))
    if isThere { OutputFile.give(descriptor, what: facts) }
  }

  /// A new file beside one: what somebody else has put under such a name, or has left there, is neither followed nor written to.
  private static func new(
    besides place: String, named path: String, mode: mode_t
  ) throws(SystemFailure) -> (descriptor: Int32, path: String) {
    var number = 1
    while true {
      let aside = OutputFile.aside(place, number)
      let descriptor = open(SystemText.cString(aside), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
      if descriptor >= 0 { return (descriptor, aside) }
      guard errno == EEXIST, number < OutputFile.mostLeft else { throw SystemFailure("open", path) }
      number += 1
    }
  }

  /// Gives a new file the owner and mode of an old one; a group that it cannot have loses what it was allowed.
  private static func give(_ descriptor: Int32, what facts: stat) {
    let hasOwner = fchown(descriptor, facts.st_uid, facts.st_gid) == 0
    let hasGroup = hasOwner || fchown(descriptor, uid_t.max, facts.st_gid) == 0
    fchmod(descriptor, facts.st_mode & (hasGroup ? 0o777 : 0o707))
  }

  /// Puts what was written into its place.
  func finish() throws {
    if let move {
      try check("rename", path) { rename(SystemText.cString(move.from), SystemText.cString(move.to)) }
      return
    }
    let target =
      try OutputFile.isStandard(path)
      ? check("dup", path) { dup(1) }
      : check("open", path) { open(SystemText.cString(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) }
    defer { close(target) }
    lseek(descriptor, 0, SEEK_SET)
    try AnonymousFile.copy(descriptor, to: target, named: path)
  }

  /// Closes it, and removes what was not finished.
  func end() {
    close(descriptor)
    if let move { unlink(SystemText.cString(move.from)) }
  }

  /// The file to put in place, with links followed; nil for everything that has to be written to as it stands.
  private static func place(of path: String) throws(SystemFailure) -> String? {
    // What these lead to is open already, perhaps at its end.
    let isOpen = ["/dev/fd/", "/dev/std", "/proc/"]
    guard !isStandard(path), !isOpen.contains(where: { target(of: path).hasPrefix($0) }) else { return nil }
    var facts = stat()
    let name = SystemText.cString(path)
    guard stat(name, &facts) == 0 else { return lstat(name, &facts) == 0 ? nil : path }
    switch facts.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw SystemFailure("open", path, code: EISDIR)
    default: return nil
    }
    guard let real = realpath(name, nil) else { throw SystemFailure("realpath", path) }
    defer { free(real) }
    return SystemText.text(real)
  }

  /// What it is called while it is written: the name with an ending, or a short one where that would be too long.
  private static func aside(_ path: String, _ number: Int) -> String {
    let ending = number == 1 ? ".wonder-new" : ".wonder-new-\(number)"
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let name = SystemText.cString(String(path.dropFirst(folder.count))).dropLast()
    if name.count + ending.utf8.count <= Int(NAME_MAX) { return path + ending }
    var hash = SHA256()
    name.withUnsafeBytes { hash.update($0) }
    return folder + "." + Hexadecimal.encode(hash.finish().prefix(16)) + ending
  }

  /// True when it is written to standard output, where nothing else may go then.
  static func isStandard(_ path: String) -> Bool { standard.contains(path) || standard.contains(target(of: path)) }

  /// What a symbolic link says; the path itself when it is none.
  private static func target(of path: String) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(SystemText.cString(path), &buffer, buffer.count - 1)
    return count > 0 ? SystemText.text(bytes: buffer.prefix(count).map { UInt8(bitPattern: $0) }) : path
  }
}
