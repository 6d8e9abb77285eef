extension Setting {
  package static let standbyToken = Setting(
    "WONDER_STANDBY_TOKEN", .text, "",
    "what a stand-by shows to the server that it follows, the same on both; without it none follows from elsewhere",
    isSecret: true)
  package static let standbyFrom = Setting(
    "WONDER_STANDBY_FROM", .text, "", "whom `wonder standby` follows: a server's URL, or a data directory")
  package static let standbyInterval = Setting(
    "WONDER_STANDBY_INTERVAL", .span(200...86_400_000), "5s",
    "how long a stand-by waits from one look to the next, and at least three times as long as a copy took")

  /// What a second machine that follows needs.
  package static let standby: [Setting] = [standbyToken, standbyFrom, standbyInterval]
}
