/// The way to the server: the name is looked up once, all that is found is judged, and only that is dialled.
extension PageConnection {
  /// Names that no name server knows (RFC 6761 section 6.4), so that none is asked.
  private static let nobodys = "invalid"

  func find(_ target: PageTarget) {
    let name = target.host.last == "." ? String(target.host.dropLast()) : target.host
    if name == PageConnection.nobodys || name.hasSuffix("." + PageConnection.nobodys) { return fail(.unknownName) }
    if let addresses = PageNames.numeric(target.host) { return start(.addresses(addresses)) }
    enter(.looking)
    if !door.lookUp(target.host, for: self) { fail(.busy) }
  }

  /// Takes what came of the name, unless it has been given up.
  func take(_ resolution: PageResolution) {
    if case .looking = state { start(resolution) }
  }

  private func start(_ resolution: PageResolution) {
    guard let target = request?.target else { return close() }
    do throws(PageTrouble) {
      switch resolution {
      case .addresses(let found): dial = try PageDial(found, port: target.port, judgedBy: loop.addresses)
      case .unknown: throw .unknownName
      case .silent: throw .noAnswerInTime
      }
      dialNext(after: .notConnected)
    } catch {
      fail(error)
    }
  }

  /// Dials the next address; `trouble` is what is said when there is none.
  func dialNext(after trouble: PageTrouble) {
    server?.close()
    server = nil
    guard let descriptor = dial?.next() else { return fail(trouble) }
    let server = PageSocket(descriptor, isConnecting: true)
    server.owner = self
    server.wantsWriting = true
    self.server = server
    loop.add(server)
    enter(.dialling)
  }

  func followDial() {
    guard let server, server.isWritable else { return }
    guard PageDial.hasConnected(server.descriptor) else { return dialNext(after: .notConnected) }
    dial = nil
    if request?.isTunnel == true {
      down.append("HTTP/1.1 200 Connected\r\n\r\n".utf8)
      answerBody = .untilEnd
    }
    enter(.exchange)
    advance()
  }
}
