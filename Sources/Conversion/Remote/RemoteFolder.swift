package import Basics
package import Formats
import Glibc

/// The folder of one order that is carried out elsewhere: the order, its files by fixed names, and the result.
///
/// It lies where both machines reach it, or is copied to the other one and back, and holds no name that a client gave.
package struct RemoteFolder: Sendable, Equatable {
  package enum Name {
    static let order = "order.json"
    static let lease = "lease"
    static let result = "result.json"
    static let holder = "holder"
    static let overlay = "overlay"
    static func source(_ index: Int) -> String { "in-\(index + 1)" }
    static func output(_ index: Int) -> String { "out-\(index + 1)" }
  }

  /// What is read of an order at most: names of 200 files among it.
  private static let mostOrderBytes = 4 << 20

  package let path: String

  package init(path: String) {
    self.path = path
  }

  /// True for what a server calls the folder of an order; nothing else is taken for one that comes from elsewhere.
  package static func isName(_ name: String) -> Bool {
    name.hasPrefix(prefix)
      && name.dropFirst(prefix.count).utf8.allSatisfy { (0x61...0x66).contains($0) || (0x30...0x39).contains($0) }
  }

  /// What their names begin with.
  static let prefix = "order-"

  /// The last part of its path.
  package var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  private func path(of name: String) -> String { "\(path)/\(name)" }

  /// Makes it with the order, where its files are still to come.
  package func make(_ order: RemoteOrder) throws(SystemFailure) {
    try check("mkdir", path) { mkdir(path, 0o700) }
    try write(Array(order.lease.utf8), as: Name.lease)
    try write(Array(order.json.text.utf8), as: Name.order)
  }

  /// Makes it with the order and its files, which get second names there where one file system holds both.
  package func fill(_ order: RemoteOrder, _ files: ConversionFiles) throws(SystemFailure) {
    try make(order)
    for (index, source) in files.sources.enumerated() { try put(source, as: Name.source(index)) }
    if let overlay = files.overlay { try put(overlay, as: Name.overlay) }
  }

  /// What a node may ask for and bring: the files of an order, and no other name.
  package static func isFile(_ name: String, output: Bool, of order: RemoteOrder) -> Bool {
    if output { return (0..<FilePart.most).contains { Name.output($0) == name } }
    return order.hasOverlay && name == Name.overlay || (0..<order.sources).contains { Name.source($0) == name }
  }

  /// The names of the files that an order comes with.
  package static func inputs(of order: RemoteOrder) -> [String] {
    (0..<order.sources).map(Name.source) + (order.hasOverlay ? [Name.overlay] : [])
  }

  /// The outputs that are there, in their order.
  package var outputs: [String] {
    var names: [String] = []
    while names.count < FilePart.most, access(path(of: Name.output(names.count)), F_OK) == 0 {
      names.append(Name.output(names.count))
    }
    return names
  }

  /// Writes down which node has it.
  package func hold(by node: String) throws(SystemFailure) { try write(Array(node.utf8), as: Name.holder) }

  /// The node that has it; nil for none.
  package var holder: String? { read(Name.holder, atMost: 100).map { String(decoding: $0, as: UTF8.self) } }

  /// A new file of this name, empty.
  package func create(_ name: String) throws(SystemFailure) -> Int32 {
    let target = path(of: name)
    return try check("open", target) {
      Glibc.open(target, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
  }

  private func put(_ file: Int32, as name: String) throws(SystemFailure) {
    let target = path(of: name)
    // A file that has lost its names, or is on another file system, is copied.
    if linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, target, AT_SYMLINK_FOLLOW) == 0 { return }
    let copy = try check("open", target) { Glibc.open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    defer { close(copy) }
    _ = try JobFolder.copy(file, to: copy, atMost: .max)
  }

  private func write(_ bytes: [UInt8], as name: String, isLast: Bool = false) throws(SystemFailure) {
    let aside = path(of: name + ".new")
    do {
      let file = try check("open", aside) {
        Glibc.open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
      }
      defer { close(file) }
      _ = try JobFolder.write(bytes, to: file)
      if isLast { try check("fsync", aside) { fsync(file) } }
    }
    // Whoever was given up meanwhile leaves nothing that could be taken for a result.
    if isLast, !isLeased { throw SystemFailure("rename", aside, code: ECANCELED) }
    try check("rename", aside) { rename(aside, path(of: name)) }
  }

  /// A file of it, for reading; anything but an ordinary one is none.
  package func open(_ name: String) throws(SystemFailure) -> Int32 {
    let target = path(of: name)
    let file = try check("open", target) { Glibc.open(target, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
    var facts = stat()
    guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      close(file)
      throw SystemFailure("open", target, code: EINVAL)
    }
    return file
  }

  private func read(_ name: String, atMost most: Int) -> [UInt8]? {
    guard let file = try? open(name) else { return nil }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0, facts.st_size <= most else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(file, $0.baseAddress.map { $0 + filled }, $0.count - filled)
      }
      guard count > 0 else { return nil }
      filled += count
    }
    return bytes
  }

  /// Nil where there is none that can be read.
  package var order: RemoteOrder? {
    read(Name.order, atMost: RemoteFolder.mostOrderBytes).flatMap { try? JSONReader.parse($0) }.flatMap {
      RemoteOrder($0)
    }
  }

  /// The order as it was written.
  package var orderText: [UInt8]? { read(Name.order, atMost: RemoteFolder.mostOrderBytes) }

  /// True while somebody waits for the result.
  package var isLeased: Bool {
    guard let order, let lease = read(Name.lease, atMost: 100) else { return false }
    return lease == Array(order.lease.utf8)
  }

  /// From now on nobody waits for the result.
  package func endLease() { unlink(path(of: Name.lease)) }

  /// True once there is one, whosever.
  var hasResult: Bool { access(path(of: Name.result), F_OK) == 0 }

  /// Nil as long as there is none, or where it is another order's.
  package var result: RemoteResult? {
    guard let bytes = read(Name.result, atMost: RemoteResult.mostBytes), let document = try? JSONReader.parse(bytes),
      let result = RemoteResult(document), result.lease == order?.lease
    else { return nil }
    return result
  }

  /// Puts the result down for good, unless nobody waits for it any more (ECANCELED).
  package func end(_ result: RemoteResult) throws(SystemFailure) {
    try write(Array(result.json.text.utf8), as: Name.result, isLast: true)
  }

  /// A new file for an output, which may be read and written.
  package func makeOutput(_ index: Int) throws(SystemFailure) -> Int32 { try create(Name.output(index)) }

  /// Removes it with what is in it.
  package func remove() {
    for name in LaunchRecord.names(in: path) { unlink(path(of: name)) }
    rmdir(path)
  }
}
