import Basics
import CSystem
import Formats
import Glibc
import Outbound

/// How the browser is started.
extension BrowserBench {
  /// The first port of the loopback in the browser's own network.
  private static let firstPort: UInt16 = 3128
  /// Profile, caches and what is read from a page before it goes into a file.
  private static let scratchBytes: Int64 = 1 << 30
  /// Processor time, over all its pages.
  private static let seconds: Int64 = 3600
  private static let startSpan = Duration.seconds(30)
  private static let bytesOfPage: Int64 = 1 << 30
  private static let ownBytes: Int64 = 512 << 20
  /// Without these a page could reach more than the door, and the browser's own sandbox would have nothing to stand on.
  private static let layers: ToolConfinement = [.users, .network, .processes]

  private static let flags = [
    "--remote-debugging-pipe", "--user-data-dir=/proc/self/cwd/profile", "--disable-gpu", "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--mute-audio", "--hide-scrollbars", "--force-color-profile=srgb",
    "--font-render-hinting=none", "--disable-breakpad", "--disable-crash-reporter", "--no-pings",
    // Both, for each of the two browsers knows one of them: no packet of WebRTC goes past the proxy.
    "--webrtc-ip-handling-policy=disable_non_proxied_udp", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    // What is in no page's context has no way out at all.
    "--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>", "--headless",
  ]

  /// Blocks until it takes commands; throws why it does not.
  func start(_ path: String) throws(ConversionFailure) -> Browser {
    guard let identity = ProgramIdentity(at: path) else {
      throw ConversionFailure(.internalError, "the browser is gone")
    }
    // One more than pages at once, for a browser that is on its way out has doors of its own, and a trial needs one.
    let ports = (0..<UInt16(pages + 1)).map { BrowserBench.firstPort + $0 }
    var call = ToolCall(
      arguments: BrowserBench.flags, environment: ["XDG_CONFIG_HOME": ".", "XDG_CACHE_HOME": "."],
      readable: ["/etc/chromium", "/etc/chromium.d"],
      needs: [.folders, .fonts, .random, .ownSandbox], memoryBytes: nil, processes: 256,
      scratchBytes: BrowserBench.scratchBytes)
    call.doors = ports
    call.togetherBytes = BrowserBench.ownBytes + Int64(pages) * BrowserBench.bytesOfPage
    let pipes: Pipes
    do throws(SystemFailure) { pipes = try Pipes() } catch { throw ConversionFailure(error) }
    let folder = try tools.makeFolder()
    let process: ZygoteProcess
    do throws(ConversionFailure) {
      let limits = ToolBench.Limits(fileBytes: BrowserBench.scratchBytes, seconds: BrowserBench.seconds)
      process = try tools.start(
        call, path, limits, folder, needing: BrowserBench.layers, pipes: [pipes.ordersReader, pipes.answersWriter])
    } catch {
      folder.remove()
      throw error
    }
    pipes.closeTheirs()
    var doors: [Browser.Door] = []
    do throws(ConversionFailure) {
      var held: ToolConfinement = []
      doors = try openDoors(process, ports, path, &held)
      let devTools: DevTools
      do throws(SystemFailure) {
        devTools = try DevTools(orders: pipes.takeOrders(), answers: pipes.takeAnswers())
      } catch {
        throw ConversionFailure(error)
      }
      do throws(ConversionFailure) {
        let agent = try greet(devTools, process, path)
        return Browser(identity, agent: agent, held: held, devTools, process, folder, doors: doors)
      } catch {
        process.end()
        devTools.close()
        throw error
      }
    } catch {
      process.end()
      for door in doors { door.door.close() }
      folder.remove()
      throw error
    }
  }

  /// Takes over what listens in the browser's network.
  private func openDoors(
    _ process: ZygoteProcess, _ ports: [UInt16], _ path: String, _ held: inout ToolConfinement
  ) throws(ConversionFailure) -> [Browser.Door] {
    do throws(SystemFailure) {
      let deadline = Clock.readMonotonic() + BrowserBench.startSpan.nanoseconds
      while try !Channel.wait(for: [process.control], milliseconds: ToolBench.look)[0] {
        guard Clock.readMonotonic() < deadline else { throw SystemFailure("poll", "browser", code: ETIMEDOUT) }
      }
      let (message, listeners) = try process.control.receiveWithDescriptors(atMost: ports.count)
      guard case .document(let document) = message, let report = ToolReport(document) else {
        throw SystemFailure("recvmsg", "browser", code: EPROTO)
      }
      guard case .opens(let layers) = report, listeners.count == ports.count else {
        for listener in listeners { Glibc.close(listener) }
        throw SystemFailure("recvmsg", "browser", code: EACCES)
      }
      held = layers
      var doors: [Browser.Door] = []
      do throws(SystemFailure) {
        for (port, listener) in zip(ports, listeners) {
          doors.append(Browser.Door(port: port, door: try openDoor(listener)))
        }
      } catch {
        for door in doors { door.door.close() }
        for listener in listeners.dropFirst(doors.count + 1) { Glibc.close(listener) }
        throw error
      }
      return doors
    } catch {
      guard error.code == EACCES else { throw ConversionFailure(.internalError, "the browser could not be started") }
      tools.log.error(
        "the browser was not started, for it has no network of its own to be kept in", ["program": path])
      throw ConversionFailure(
        .internalError, "the server may not run the browser for this conversion", words: "no user namespaces")
    }
  }

  /// Waits until the browser answers; gives what it calls itself.
  private func greet(
    _ devTools: DevTools, _ process: ZygoteProcess, _ path: String
  ) throws(ConversionFailure) -> String {
    let box = DevToolsBox()
    devTools.send("Target.setDiscoverTargets", .object([("discover", .boolean(true))]), for: box)
    let number = devTools.send("Browser.getVersion", .object([]), for: box)
    let deadline = Clock.readMonotonic() + BrowserBench.startSpan.nanoseconds
    while Clock.readMonotonic() < deadline {
      switch box.take(longest: .milliseconds(Int(ToolBench.look))) {
      case .answer(number, let version)?: return version["userAgent"]?.string ?? ""
      case .end?:
        throw try last(process, path, by: deadline)
      default: break
      }
    }
    throw ConversionFailure(.converterDied, "the browser does not answer")
  }

  /// Why it ended, as its keeper says.
  private func last(
    _ process: ZygoteProcess, _ path: String, by deadline: Int64
  ) throws(ConversionFailure) -> ConversionFailure {
    let failure = ConversionFailure(.converterDied, "the browser ended before it began")
    while Clock.readMonotonic() < deadline {
      if let report = try ToolBench.report(process.control) { return failure.saying(try tools.end(report, path).words) }
    }
    return failure
  }

  /// Both ends of both pipes, of which the browser gets one each; what nobody has taken is closed with it.
  private final class Pipes {
    private(set) var ordersReader: Int32 = -1
    private var ordersWriter: Int32 = -1
    private var answersReader: Int32 = -1
    private(set) var answersWriter: Int32 = -1

    init() throws(SystemFailure) {
      var (orders, answers): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
      // A socket can be written to without a signal when the browser is gone.
      try check("socketpair") {
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &orders)
      }
      (ordersReader, ordersWriter) = (orders[0], orders[1])
      try check("pipe2") { csystem_pipe(&answers) }
      (answersReader, answersWriter) = (answers[0], answers[1])
    }

    deinit {
      for end in [ordersReader, ordersWriter, answersReader, answersWriter] where end >= 0 { Glibc.close(end) }
    }

    func closeTheirs() {
      Glibc.close(ordersReader)
      Glibc.close(answersWriter)
      (ordersReader, answersWriter) = (-1, -1)
    }

    func takeOrders() -> Int32 {
      defer { ordersWriter = -1 }
      return ordersWriter
    }

    func takeAnswers() -> Int32 {
      defer { answersReader = -1 }
      return answersReader
    }
  }
}
