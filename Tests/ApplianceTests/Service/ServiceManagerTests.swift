import Appliance
import Basics
import Foundation
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// What the service tells systemd, heard on a socket like systemd's.
final class ServiceManagerTests: XCTestCase {
  func testServe_TellsThatItIsReadyAliveReloadingAndStopping() throws {
    let directory = try TemporaryDirectory()
    let socket = try NotifySocket(in: directory.path)
    let config = try directory.file("wonder.conf", Array("WONDER_LOG_LEVEL=error\n".utf8))
    let program = try ServedProgram(
      data: directory.path + "/data", arguments: ["--config", config],
      environment: ["NOTIFY_SOCKET": socket.path, "WATCHDOG_USEC": "200000"], log: directory.path + "/log")
    let ready = try XCTUnwrap(socket.next(beginning: "READY=1\n"))
    XCTAssertTrue(ready.contains("STATUS=listening on 127.0.0.1:"), ready)
    XCTAssertTrue(ready.contains("MAINPID=\(program.process)"), ready)
    for _ in 0..<3 { XCTAssertNotNil(socket.next(beginning: "WATCHDOG=1")) }

    _ = try program.client.get("/healthz")
    try FileBytes.write(Array("WONDER_LOG_LEVEL=debug\n".utf8), to: config)
    kill(program.process, SIGHUP)
    let reloading = try XCTUnwrap(socket.next(beginning: "RELOADING=1"))
    XCTAssertNotNil(reloading.firstMatch(of: /MONOTONIC_USEC=\d+/), reloading)
    XCTAssertNotNil(socket.next(beginning: "READY=1\n"))
    _ = try program.client.get("/readyz")

    XCTAssertEqual(program.end(SIGTERM), 0)
    XCTAssertNotNil(socket.next(beginning: "STOPPING=1"))
    let log = String(decoding: try FileBytes.read(directory.path + "/log", atMost: 1 << 20), as: UTF8.self)
    XCTAssertFalse(log.contains("path=/healthz"), log)
    XCTAssertTrue(log.contains("settings read again level=debug"), log)
    XCTAssertTrue(log.contains("path=/readyz"), log)
  }

  func testReload_WithAFileThatIsWrong_ChangesNothing() throws {
    let directory = try TemporaryDirectory()
    let socket = try NotifySocket(in: directory.path)
    let config = try directory.file("wonder.conf", Array("WONDER_LOG_LEVEL=info\n".utf8))
    let program = try ServedProgram(
      data: directory.path + "/data", arguments: ["--config", config], environment: ["NOTIFY_SOCKET": socket.path],
      log: directory.path + "/log")
    XCTAssertNotNil(socket.next(beginning: "READY=1\n"))
    try FileBytes.write(Array("WONDER_LOG_LEVEL=loud\n".utf8), to: config)
    kill(program.process, SIGHUP)
    XCTAssertNotNil(socket.next(beginning: "READY=1\n"))
    XCTAssertEqual(try program.client.get("/healthz").status, 200)
    XCTAssertEqual(program.end(SIGTERM), 0)
    let log = String(decoding: try FileBytes.read(directory.path + "/log", atMost: 1 << 20), as: UTF8.self)
    XCTAssertTrue(log.contains("one of debug, info, notice, warning, error"), log)
    XCTAssertTrue(log.contains("path=/healthz"), log)
  }

  func testPatience_IsForThisProcessAndWithASocketOnly() {
    func patience(_ environment: [String: String]) -> Duration? {
      ServiceManager(environment: environment, process: 7).patience
    }
    let socket = ["NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "30000000"]
    XCTAssertEqual(patience(socket), .seconds(30))
    XCTAssertEqual(patience(socket.merging(["WATCHDOG_PID": "7"]) { $1 }), .seconds(30))
    XCTAssertNil(patience(socket.merging(["WATCHDOG_PID": "8"]) { $1 }))
    XCTAssertNil(patience(["WATCHDOG_USEC": "30000000"]))
    XCTAssertNil(patience(socket.merging(["WATCHDOG_USEC": "soon"]) { $1 }))
  }

  func testWatchdog_WithAServiceThatIsStuck_IsSilent() throws {
    let directory = try TemporaryDirectory()
    let socket = try NotifySocket(in: directory.path)
    let isAlive = Mutex(true)
    let manager = ServiceManager(environment: ["NOTIFY_SOCKET": socket.path])
    let looked = Doorbell()
    let watchdog = try Watchdog(manager, patience: .milliseconds(2), log: .silent) {
      defer { looked.ring() }
      return isAlive.withLock { $0 }
    }
    XCTAssertEqual(socket.next(), "WATCHDOG=1")
    isAlive.withLock { $0 = false }
    for _ in 0..<4 { _ = looked.wait() }
    while socket.next(within: 0) != nil {}
    for _ in 0..<20 { _ = looked.wait() }
    XCTAssertNil(socket.next(within: 0))
    watchdog.stop()
  }
}
