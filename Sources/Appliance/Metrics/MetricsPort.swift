import Basics
import HTTP

/// The address of its own on which `/metrics` answers everybody; nothing else is there.
struct MetricsPort: Sendable {
  private let server: Server
  private let log: Log

  /// Nil when WONDER_METRICS_LISTEN names no address; throws `SettingsFailure` when it is none.
  init?(
    _ settings: Settings, _ routes: MetricsRoutes, limits: ServerLimits, log: Log, refuse: @escaping RouteGroup.Refuse
  ) throws {
    let text = settings.text(.metricsListen)
    if text.isEmpty { return nil }
    guard let address = ListenAddress(text) else {
      throw SettingsFailure(place: "WONDER_METRICS_LISTEN", problem: "\(text) is no ADDRESS:PORT")
    }
    self.log = log
    server = Server(
      limits: limits, router: Router(groups: [routes.open(refuse: refuse)], fallback: refuse), log: log,
      listen: [address])
  }

  /// The addresses that it has, with the ports that the kernel chose.
  var addresses: [ListenAddress] { server.addresses }

  func start() throws {
    try server.start()
    log.notice("metrics answer", ["listen": addresses.map { "\($0)" }.joined(separator: ", ")])
  }

  func stop() {
    server.stop()
  }
}
