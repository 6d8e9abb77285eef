extension PageDoor {
  /// Has a name looked up for a connection, which is told; false when too many are being looked up.
  func lookUp(_ host: String, for connection: PageConnection) -> Bool {
    if lookUps[host] != nil {
      lookUps[host]?.waiting.append(connection)
      return true
    }
    lastLookUp += 1
    let number = lastLookUp
    let ticket = loop.names.ask(host, for: ObjectIdentifier(self)) { [self] resolution in
      loop.post { [self] in take(resolution, of: host, number) }
    }
    guard let ticket else { return false }
    lookUps[host] = PageLookUp(number: number, ticket: ticket, waiting: [connection])
    return true
  }

  private func take(_ resolution: PageResolution, of host: String, _ number: UInt64) {
    guard let lookUp = lookUps[host], lookUp.number == number else { return }
    lookUps[host] = nil
    for connection in lookUp.waiting { connection.take(resolution) }
  }

  /// A connection does not wait for a name any more; with the last one the question is taken back.
  func giveUp(_ host: String, of connection: PageConnection) {
    guard var lookUp = lookUps[host] else { return }
    lookUp.waiting.removeAll { $0 === connection }
    lookUps[host] = lookUp.waiting.isEmpty ? nil : lookUp
    if lookUp.waiting.isEmpty { loop.names.withdraw(lookUp.ticket) }
  }
}
