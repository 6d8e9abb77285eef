import Basics
import Glibc
import Outbound
import Storage

/// Sends files of the server's own to a place elsewhere, on the thread that calls and one after the other.
struct ObjectSender {
  /// How often a request is tried again, and how long after.
  private static let pauses: [Duration] = [.seconds(2), .seconds(10), .seconds(30)]
  /// For one request, of at most a part.
  private static let timeLimit = Duration.seconds(3600)
  /// For the store to forget the parts of a file that is given up, which a stop waits for, too.
  private static let farewell = Duration.seconds(5)

  let client: Client
  let place: CloudPlace
  let credentials: CloudCredentials
  let agent: String
  let clock: Clock
  /// Waited on between two tries; closed when the server stops.
  let bell: Doorbell

  /// Sends a file under a name; throws `CloudTrouble`, or `SystemFailure` when it cannot be read.
  func send(_ path: String, as name: String) throws {
    let descriptor = try check("open", path) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    let size = try FileBytes.size(path)
    let secret = JobSecret(name: "backup", value: credentials.text)
    let upload = Upload(
      named: name, to: place.text, credentials: secret, mediaType: "application/x-tar", size: size,
      sha256: size > PartSizes.usual.whole ? [] : try SHA256.digest(ofFile: descriptor, named: path), at: clock.now())
    guard var sending = Sending(upload, descriptor: descriptor, .usual) else {
      throw CloudTrouble(.status, "the place cannot be read")
    }
    do {
      while try !step(&sending) {}
    } catch {
      if let name = sending.name {
        let end = clock.monotonic() + ObjectSender.farewell.nanoseconds
        _ = ask(.abort(of: name), sending.place) { clock.monotonic() < end }
      }
      throw error
    }
  }

  /// Does what comes next; true when the whole file has arrived.
  private func step(_ sending: inout Sending) throws -> Bool {
    let reply = ask(try sending.call(), sending.place)
    guard let trouble = CloudTrouble(reply, at: sending.place) else {
      guard let isWhole = sending.take(reply) else {
        throw CloudTrouble(.lost, "the store did not say that it has it")
      }
      return isWhole
    }
    if let region = trouble.region, sending.place == sending.given {
      sending.move(to: region)
      return false
    }
    sending.fail()
    guard !trouble.isLasting, sending.failures <= ObjectSender.pauses.count, !bell.isClosed else { throw trouble }
    if trouble.kind == .forgotten { sending.restart() }
    _ = bell.wait(timeout: ObjectSender.pauses[sending.failures - 1])
    return false
  }

  /// Removes what is under a name; what is gone already is fine.
  func remove(_ name: String) throws {
    var place = place.at(name)
    var reply = ask(.remove, place)
    if let region = CloudTrouble(reply, at: place)?.region {
      place = place.moved(to: region)
      reply = ask(.remove, place)
    }
    if let trouble = CloudTrouble(reply, at: place), reply.status != 404 { throw trouble }
  }

  private func ask(_ call: CloudCall, _ place: CloudPlace) -> OutboundReply {
    ask(call, place) { !bell.isClosed }
  }

  private func ask(_ call: CloudCall, _ place: CloudPlace, while isWanted: () -> Bool) -> OutboundReply {
    let request = call.request(
      to: place, credentials, agent: agent, at: clock.now(), timeLimit: ObjectSender.timeLimit)
    return client.reply(to: request, while: isWanted)
      ?? OutboundReply(status: 0, failure: OutboundFailure(.other, "the server is being stopped"))
  }
}
