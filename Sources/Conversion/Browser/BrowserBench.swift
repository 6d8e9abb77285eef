package import Basics
package import Formats
import Glibc
package import Outbound
import Synchronization

/// Makes files of pages in a browser that is kept, each in a context of its own, which reaches the network through the proxy alone.
package final class BrowserBench: Bench {
  /// A page that loses so many browsers is to blame itself.
  private static let mostLosses = 3
  /// What a page may move over the network, and how often it may ask.
  private static let mostTraffic: Int64 = 256 << 20
  private static let mostRequests = 2000

  let tools: ToolBench
  private let addresses: AddressGuard
  /// Made with the first browser.
  private let proxy = Mutex<PageProxy?>(nil)
  /// Pages at once.
  let pages: Int
  let browsers = Browsers()
  let entropy: Entropy
  private let isClosed = Atomic(false)
  /// For archives and links of pages, which a decoder's child reads.
  private let pool: any Bench
  /// How they do so.
  private let steps: PageSteps

  /// `tools` starts the browser and keeps it confined; `pages` is how many are open at once.
  package init(
    tools: ToolBench, pool: any Bench, steps: PageSteps, addresses: AddressGuard, pages: Int,
    entropy: Entropy = .system
  ) {
    self.steps = steps
    self.tools = tools
    self.pool = pool
    self.addresses = addresses
    self.pages = max(1, pages)
    self.entropy = entropy
  }

  /// Ends the browser, and with it what is open.
  package func close() {
    isClosed.store(true, ordering: .releasing)
    browsers.close()
    let proxy = proxy.withLock { proxy in
      defer { proxy = nil }
      return proxy
    }
    proxy?.close()
  }

  /// What listens for the pages of a browser; takes over the listener, also when it throws.
  func openDoor(_ listener: Int32) throws(SystemFailure) -> PageDoor {
    let proxy: Result<PageProxy, SystemFailure> = proxy.withLock { made in
      if let made { return .success(made) }
      let started = Result { () throws(SystemFailure) in try PageProxy(addresses, log: tools.log) }
      made = try? started.get()
      return started
    }
    switch proxy {
    case .success(let proxy): return try proxy.open(listener)
    case .failure(let failure):
      Glibc.close(listener)
      throw failure
    }
  }

  package func make(_ order: Order, watch: Watch) throws(ConversionFailure) -> [MadeFile] {
    guard let maker = order.step.maker as? any PageMaker else {
      throw ConversionFailure(.internalError, "this step is none of a browser's")
    }
    guard let path = tools.found().path(of: maker.program) else {
      throw Absence(program: maker.program, isBroken: false).failure
    }
    let begin = Clock.readMonotonic()
    do {
      var held: ToolConfinement?
      defer {
        tools.figures.count(maker.program.name, took: .nanoseconds(Clock.readMonotonic() - begin), held: held)
      }
      return try make(order, path, watch, by: begin + order.timeLimit.nanoseconds, &held)
    } catch {
      if error.code != .canceled { tools.figures.countFailure(maker.program.name) }
      throw error
    }
  }

  private func make(
    _ order: Order, _ path: String, _ watch: Watch, by deadline: Int64, _ held: inout ToolConfinement?
  ) throws(ConversionFailure) -> [MadeFile] {
    func check() throws(ConversionFailure) {
      if watch.isCanceled() || isClosed.load(ordering: .acquiring) { throw .canceled }
      guard Clock.readMonotonic() < deadline else {
        throw ConversionFailure(.pageTimeout, "the page took longer than it may")
      }
    }
    let source = try PageSource(order, pool: pool, unpacking: steps.unpacking, watch: watch, entropy: entropy)
    defer { source.close() }
    var losses = 0
    var crashes = 0
    while true {
      do throws(VisitTrouble) {
        let end = try visit(source, order, path, watch, by: deadline, &held, check)
        return [order.step.to == .json ? try tellLinks(of: end, order, watch) : end.file]
      } catch {
        // Another page may have been to blame.
        if case .lost = error {
          losses += 1
          if losses < BrowserBench.mostLosses { continue }
        }
        // The kernel takes memory where it finds it; the next try is made in another browser.
        if error.failure.code == .pageCrashed {
          crashes += 1
          if crashes == 1 { continue }
        }
        tools.log.info(
          "a page was not made into a file",
          ["reason": error.failure.message, "words": error.failure.words])
        throw error.failure
      }
    }
  }

  private func visit(
    _ source: PageSource, _ order: Order, _ path: String, _ watch: Watch, by deadline: Int64,
    _ held: inout ToolConfinement?, _ check: @escaping () throws(ConversionFailure) -> Void
  ) throws(VisitTrouble) -> (file: MadeFile, address: String) {
    let browser: Browser
    let door: Browser.Door
    do {
      (browser, door) = try browsers.take(path, check: check) { [self] in try start(path) }
    } catch {
      throw .failed(ConversionFailure(of: error, else: "the browser could not be started"))
    }
    held = browser.held
    door.door.begin(
      PageVisit(
        mostBytes: BrowserBench.mostTraffic, mostRequests: BrowserBench.mostRequests, timeLimit: order.timeLimit,
        origin: source.origin, reachesOthers: !order.isOffline))
    let page = PageSession(browser, door, check: check)
    var isLost = true
    defer {
      let isGone = page.close()
      browsers.giveBack(browser, door, isLost: isLost || !isGone)
    }
    do throws(VisitTrouble) {
      let visitor = PageVisitor(
        page, order.conversion.options, address: source.address, isRemote: source.isRemote,
        prints: order.step.to == .pdf, deadline: deadline)
      try visitor.visit(watch.progress)
      // Where a page leads is read in its HTML.
      let format = order.step.to == .json ? .html : order.step.to
      let made = try PageOutput.write(visitor, as: format, into: order.files.output, atMost: order.mostBytes)
      watch.progress(99)
      isLost = false
      return (made, page.state.address)
    } catch {
      if case .lost = error { throw error }
      // A browser that can start no processes any more answers all the same, and each of its pages crashes.
      isLost =
        error.failure.code == .pageCrashed || error.failure.code == .pageTimeout && !page.isBrowserAwake()
      let exceeded = door.door.traffic.exceeded
      guard error.failure.code != .canceled else { throw error }
      // What the browser cannot do with a page that has become another one meanwhile, it could not do with the next one either.
      if page.state.documents > PageVisitor.mostDocuments {
        if case .refused = error { throw .failed(.pageRestless) }
        if exceeded == .requests { throw .failed(.pageRestless) }
      }
      guard exceeded == .requests || exceeded == .bytes else { throw error }
      throw .failed(
        ConversionFailure(
          .pageTooLarge,
          "the page asks for more than \(BrowserBench.mostTraffic >> 20) MB or \(BrowserBench.mostRequests) files")
      )
    }
  }

  /// Has a child read the HTML that was made, and tell in its place where it leads.
  private func tellLinks(
    of page: (file: MadeFile, address: String), _ order: Order, _ watch: Watch
  ) throws(VisitTrouble) -> MadeFile {
    do throws(ConversionFailure) {
      guard let step = steps.linking else { throw ConversionFailure(.internalError, "nothing here reads links") }
      let html: Int32
      do throws(SystemFailure) { html = try MemoryFile.make([]) } catch { throw ConversionFailure(error) }
      defer { Glibc.close(html) }
      do throws(SystemFailure) {
        _ = try JobFolder.copy(order.files.output, to: html, from: 0, atMost: .max)
      } catch {
        throw ConversionFailure(error)
      }
      var options = ["links": "true"]
      if PageAddress.isOne(page.address), page.address.utf8.count <= 2048 { options["base"] = page.address }
      let conversion: Conversion
      do {
        conversion = Conversion(
          from: .html, to: .json, options: try ConversionOptions(options, among: OptionList(step.offer.options)))
      } catch {
        throw ConversionFailure(.internalError, "the links of the page could not be asked for")
      }
      var inner = Order(
        step: step, conversion: conversion,
        files: ConversionFiles(sources: [html], output: order.files.output), timeLimit: order.timeLimit,
        mostBytes: order.mostBytes)
      inner.owner = order.owner
      let made = try pool.make(inner, watch: Watch(isCanceled: watch.isCanceled))
      guard let file = made.first else { throw ConversionFailure(.internalError, "nothing was told of the page") }
      return file
    } catch {
      throw .failed(error)
    }
  }
}
