import Basics
import Formats
import Glibc
import Outbound
import Storage

/// What came of documents that were fetched and read.
extension SiteWorker {
  func settle(_ ended: Client.Ended) throws {
    guard let fetch = fetches.removeValue(forKey: ended.tag) else { return }
    var isKept = false
    defer {
      if !isKept {
        release(fetch)
        discard(fetch)
      }
    }
    let reply = ended.reply
    if let failure = reply.failure, failure.kind == .notStored {
      if fetch.page == nil { runs[fetch.site]?.robots = .unknown }
      guard case .workspace(let most)? = fetch.room.obstacle else {
        throw StorageTrouble(description: failure.detail)
      }
      return try close(fetch.site, "the workspace may store \(most) bytes of files, which it has")
    }
    guard let page = fetch.page else {
      isKept = try settle(robots: fetch, reply, tag: ended.tag)
      return
    }
    if reply.failure == nil, reply.status / 100 == 3, let next = reply.redirect {
      isKept = try follow(fetch, page, to: next, tag: ended.tag)
    } else if let problem = FetchFailure(reply, mostBytes: fetch.mostBytes) {
      log.debug("page not fetched: \(problem.detail)", ["batch": store.identifiers.text(.batch, fetch.site)])
      try refuse(page, fetch.site, problem.text)
    } else if page.kind == .page, !SiteWorker.isPage(reply.contentType, fetch.descriptor) {
      try refuse(page, fetch.site, "is no web page", isOther: true)
    } else {
      var fetch = fetch
      fetch.robots = SiteWorker.words(toRobots: reply.robots)
      documents[ended.tag] = fetch
      isKept = true
      reading.add(
        WebDocument(
          path: fetch.path, kind: page.kind == .page ? .page : .sitemap, address: fetch.address,
          workspaceID: fetch.workspaceID), tag: ended.tag)
    }
  }

  /// The row waits again, unless it was recorded.
  private func release(_ fetch: SiteFetch) {
    if let page = fetch.page { runs[fetch.site]?.pages.remove(page.id) }
    wake(at: clock.monotonic())
  }

  /// What its server says of a document counts; where that says nothing, its first bytes do.
  private static func isPage(_ type: [UInt8]?, _ file: Int32) -> Bool {
    guard let type else { return (try? Sniffer.type(ofFile: file))?.certain == .html }
    let text = String(decoding: type, as: UTF8.self).split(separator: ";").first ?? ""
    let words = text.split { $0 == " " || $0 == "\t" || $0.isNewline }
    return ["text/html", "application/xhtml+xml"].contains(words.first?.lowercased())
  }

  /// The words of X-Robots-Tag fields that are for every robot, or for this one by its name.
  static func words(toRobots fields: [[UInt8]]) -> Set<String> {
    func trimmed(_ text: Substring) -> Substring {
      let text = text.drop(while: \.isWhitespace)
      return text.lastIndex { !$0.isWhitespace }.map { text[...$0] } ?? ""
    }
    var words: Set<String> = []
    for field in fields {
      var isMeant = true
      for part in String(decoding: field, as: UTF8.self).lowercased().split(separator: ",") {
        var word = trimmed(part)
        if let colon = word.firstIndex(of: ":") {
          let name = trimmed(word[..<colon])
          // A moment, and no robot.
          if name == "unavailable_after" { continue }
          isMeant = name == "wonder"
          word = trimmed(word[word.index(after: colon)...])
        }
        if isMeant { words.insert(String(word)) }
      }
    }
    return words
  }

  /// Asks where a page has been moved to, if that may be one of this site; true when it goes on.
  private func follow(_ fetch: SiteFetch, _ page: SitePage, to next: String, tag: Int64) throws -> Bool {
    guard let run = runs[fetch.site] else { return false }
    let address = WebAddress(written: next).normalised.description
    if let problem = FetchFailure.problem(of: address, after: fetch.address, redirects: fetch.redirects) {
      try refuse(page, fetch.site, problem.text)
      return false
    }
    if page.kind == .page {
      // The first page says where the site is; each other host has rules of its own.
      if page.depth == 0, SiteScope.origin(of: address) != run.scope.origin {
        guard run.moves < Fetcher.mostRedirects else {
          try refuse(page, fetch.site, "leads from one server to the next")
          return false
        }
        try ledger.move(fetch.site, page, to: address)
        runs[fetch.site]?.moves += 1
        return false
      }
      guard let own = run.scope.own(address), run.allows(own) else {
        try refuse(page, fetch.site, "leads to where this search may not go", isOther: true)
        return false
      }
    }
    ask(fetch, at: address, tag: tag)
    return true
  }

  /// Asks for a document where it has been moved to.
  private func ask(_ fetch: SiteFetch, at address: String, tag: Int64) {
    var fetch = fetch
    fetch.address = address
    fetch.redirects += 1
    ask(fetch, tag: tag)
  }

  /// Takes a site's rules (RFC 9309 section 2.3.1): none where there is no file, and no way in where nobody can tell;
  /// true when the file is asked for elsewhere.
  private func settle(robots fetch: SiteFetch, _ reply: OutboundReply, tag: Int64) throws -> Bool {
    guard let run = runs[fetch.site] else { return false }
    if reply.failure == nil, reply.status / 100 == 3, let next = reply.redirect {
      let address = WebAddress(written: next).normalised.description
      if FetchFailure.problem(of: address, after: fetch.address, redirects: fetch.redirects) == nil {
        ask(fetch, at: address, tag: tag)
        return true
      }
    }
    let isThere = reply.failure == nil && reply.status / 100 == 2
    if isThere {
      let bytes = try FileBytes.read(fetch.path, atMost: Int(fetch.mostBytes))
      runs[fetch.site]?.robots = .known(RobotsRules(bytes))
    } else if !run.site.heedsRobots || (reply.failure == nil && [3, 4].contains(reply.status / 100)) {
      runs[fetch.site]?.robots = .known(.allowing)
    } else {
      let problem = FetchFailure(reply, mostBytes: fetch.mostBytes)
      try close(fetch.site, "\(fetch.address) \(problem?.text ?? "could not be fetched"), so nobody knows what may be")
    }
    return false
  }

  func settle(_ ended: ReadingThread.Ended) throws {
    guard let fetch = documents.removeValue(forKey: ended.tag), let page = fetch.page else { return }
    defer {
      release(fetch)
      discard(fetch)
    }
    guard let run = runs[fetch.site] else { return }
    switch ended.result {
    case .success(.page(let content)): try ledger.record(look(content, fetch, run), of: page, on: fetch.site)
    case .success(.list(let list)):
      try ledger.record(list, of: page, on: fetch.site) { address in
        run.scope.own(address).flatMap { own in
          SiteScope.mayBePage(own) && run.scope.isWanted(own) && run.allows(own) ? own : nil
        }
      }
      let isTooDeep = list.isIndex && page.depth > 0
      if isTooDeep { runs[fetch.site]?.troubles.append("\(page.address) is an index in another one") }
    case .failure(.document(let words)):
      guard page.kind == .page else { return try refuse(page, fetch.site, words) }
      // It is there all the same; what it leads to is not known.
      try ledger.record(look(WebPage(), fetch, run), of: page, on: fetch.site)
    case .failure(.notNow(let words)): throw StorageTrouble(description: words)
    }
  }

  /// What a page comes down to on this site.
  private func look(_ content: WebPage, _ fetch: SiteFetch, _ run: SiteRun) -> SiteLedger.Look {
    let own = run.scope.own(fetch.address) ?? fetch.address
    let canonical = content.canonical.flatMap(run.scope.own).flatMap { run.allows($0) ? $0 : nil }
    let identity = canonical ?? own
    func asks(_ word: String) -> Bool {
      run.site.heedsRobots && !content.robots.union(fetch.robots).isDisjoint(with: [word, "none"])
    }
    var links: [String] = []
    if !asks("nofollow") {
      var known: Set<String> = [own]
      for link in content.links where !(link.isForPeopleOnly && run.site.heedsRobots) {
        guard let address = run.scope.own(link.address), known.insert(address).inserted,
          SiteScope.mayBePage(address), run.scope.isWanted(address), run.allows(address)
        else { continue }
        links.append(address)
      }
    }
    return SiteLedger.Look(
      identity: identity, counts: !asks("noindex") && run.scope.isWanted(identity), links: links)
  }
}
