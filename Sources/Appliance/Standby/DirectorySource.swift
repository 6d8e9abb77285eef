import Basics
import Dashboard
import Glibc
import Storage

/// A data directory that is followed from the same machine: by its socket while a server runs there, else under its lock, which
/// is had for no longer than a copy of the database takes.
final class DirectorySource: StandbySource {
  private let data: String
  private let identity: StandbyIdentity
  /// Where a copy is made that no server makes.
  private let scratch: String
  private let bell: Doorbell

  private var socket: String { data + "/wonder.sock" }

  init(_ data: String, as identity: StandbyIdentity, scratch: String, bell: Doorbell) {
    self.data = data
    self.identity = identity
    self.scratch = scratch
    self.bell = bell
  }

  func ask(_ held: StandbyRecord.Held?) throws -> StandbyOffer? {
    guard answers() else { return try askNobody(held) }
    let reply = try AdminSocket.exchange(
      socket, "POST", AdminAPI.prefix + "/standby/copies", StandbyOffer.report(identity, held))
    if let problem = reply.problem { throw AdminFailure(description: "\(data): \(problem)") }
    return try StandbyOffer(reply.document)
  }

  /// Without a server nothing changes, and the files of the database tell whether something has.
  private func askNobody(_ held: StandbyRecord.Held?) throws -> StandbyOffer? {
    let mark =
      "unused." + [data + "/wonder.db", data + "/wonder.db-wal"].map(DirectorySource.mark).joined(separator: ".")
    if held?.mark == mark { return nil }
    guard access(data, F_OK) == 0 else { throw SystemFailure("open", data) }
    let path = scratch + "/unused.db"
    try StandbyCopy.make(ofUnused: data, at: path)
    let (schema, bytes, sha256) = try StandbyCopy.describe(path)
    var offer = StandbyOffer(
      name: "", mark: mark, takenAt: "\(Clock.system.now())", schema: schema, bytes: bytes,
      sha256: Hexadecimal.encode(sha256))
    offer.path = path
    offer.boot = "unused"
    return offer
  }

  private static func mark(_ path: String) -> String {
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_size > 0 else { return "0" }
    return "\(facts.st_ino)-\(facts.st_size)-\(facts.st_mtim.tv_sec)-\(facts.st_mtim.tv_nsec)"
  }

  func key() throws -> [UInt8] { try FileBytes.read(data + "/secret.key", atMost: 64) }

  func database(_ offer: StandbyOffer, to path: String) throws {
    guard let source = offer.path else { throw AdminFailure(description: "\(data): its server does not say where") }
    try FileBytes.copy(source, to: path)
  }

  func files(
    _ wanted: [StandbyFile], into folder: String,
    arrived: (_ file: StandbyFile, _ path: String, _ sha256: [UInt8]?) throws -> Void
  ) throws -> Int {
    var gone = 0
    for file in wanted {
      guard !bell.isClosed else { throw AdminFailure(description: "stopped") }
      let path = "\(folder)/\(file.blob)"
      do throws(SystemFailure) {
        try FileBytes.copy("\(data)/files/\(file.blob.prefix(2))/\(file.blob)", from: file.offset, to: path)
      } catch {
        guard error.code == ENOENT, error.call == "open" else { throw error }
        unlink(path)
        gone += 1
        continue
      }
      try arrived(file, path, nil)
    }
    return gone
  }

  func end(_ offer: StandbyOffer, isHeld: Bool) {
    guard !offer.name.isEmpty else { return }
    _ = try? AdminSocket.exchange(
      socket, "DELETE", "\(AdminAPI.prefix)/standby/copies/\(offer.name)?held=\(isHeld)", nil)
  }

  func answers() -> Bool {
    guard let descriptor = try? UnixSocket.connect(socket) else { return false }
    close(descriptor)
    return true
  }
}
