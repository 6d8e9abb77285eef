import Basics

/// The answers of the proxy's own, and those of the site of our own.
extension PageConnection {
  func serve(_ request: PageRequest, from origin: PageOrigin) {
    guard !request.isTunnel, request.target.port == 80 else { return fail(.notServed) }
    guard ["GET", "HEAD"].contains(request.method) else { return refuse(.method) }
    guard let path = PageConnection.path(request.target.path), let found = origin.file(path), found.isSound else {
      return refuse(.missing)
    }
    down.append(
      """
      HTTP/1.1 200 OK\r
      Content-Type: \(found.mediaType)\r
      Content-Length: \(found.length)\r
      Cache-Control: no-store\r
      Connection: close\r
      \r

      """.utf8)
    if request.method == "GET" {
      switch found.content {
      case .bytes(let bytes): down.append(bytes)
      case .part(let descriptor, let offset, let length) where length > 0:
        file = PageFilePart(descriptor: descriptor, offset: offset, length: length)
      case .part: break
      }
    }
    enter(.answering)
    advance()
  }

  /// The path that a target names, decoded once; nil when it could lead out of what it is for.
  private static func path(_ target: ArraySlice<UInt8>) -> String? {
    guard let path = PercentEncoding.decode(target.prefix { $0 != 0x3F }), path.utf8.first == 0x2F,
      !path.utf8.split(separator: 0x2F).contains(where: { $0.elementsEqual([0x2E, 0x2E]) })
    else { return nil }
    return path
  }

  /// Sends an answer that is all there.
  func sendAnswer() {
    for _ in 0..<PageConnection.mostTurns {
      if down.isEmpty {
        guard var part = file, part.rest > 0 else {
          client.endSending()
          enter(.lingering)
          return advance()
        }
        guard let count = part.read(into: loop.scratch) else { return close(isBroken: true) }
        file = part
        down.append(loop.scratch[..<count])
      }
      switch down.withBytes(client.send) {
      case .full: return
      case .failed: return close()
      case .bytes(let count):
        hasMoved()
        down.drop(count)
      }
    }
    loop.resume(self)
  }
}
