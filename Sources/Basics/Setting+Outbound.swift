extension Setting {
  package static let allowPrivateTargets = Setting(
    "WONDER_ALLOW_PRIVATE_TARGETS", .networks, "",
    "private networks that webhooks and remote inputs may reach, such as 10.0.0.0/8")
  package static let targetPorts = Setting(
    "WONDER_TARGET_PORTS", .ports, "!22,25,465,587,6000", "ports that webhooks and remote inputs may use")

  package static let downloadTime = Setting(
    "WONDER_DOWNLOAD_TIME", .span(1000...86_400_000), "5m", "the longest time one remote input may take to come")

  package static let uploadTime = Setting(
    "WONDER_UPLOAD_TIME", .span(1000...86_400_000), "1h",
    "the longest time one output, or one part of a large one, may take to be sent elsewhere")

  package static let siteTime = Setting(
    "WONDER_SITE_TIME", .span(1000...86_400_000), "10m",
    "the longest time the pages of one web site are searched for")

  package static let ratesURL = Setting(
    "WONDER_RATES_URL", .url, "",
    "where exchange rates are fetched once a day, such as the ECB's eurofxref-daily.xml; nothing fetches none")

  /// What limits the connections that this server makes for its users.
  package static let outbound: [Setting] = [
    allowPrivateTargets, targetPorts, downloadTime, uploadTime, siteTime, ratesURL,
  ]
}
