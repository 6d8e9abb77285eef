extension Setting {
  package static let metricsToken = Setting(
    "WONDER_METRICS_TOKEN", .text, "", "the bearer token with which /metrics answers on the public port", isSecret: true
  )
  package static let metricsListen = Setting(
    "WONDER_METRICS_LISTEN", .listening, "", "an address of its own for /metrics, which then needs no token there")

  /// Who may see how busy the server is.
  package static let metrics: [Setting] = [metricsToken, metricsListen]
}
