package import Basics

extension ServerLimits {
  /// The limits as the settings have them.
  package init(_ settings: Settings) {
    self.init()
    requestLine = Int(settings.number(.httpLine))
    fieldBytes = Int(settings.number(.httpFieldBytes))
    fields = Int(settings.number(.httpFields))
    headerTime = settings.span(.httpHeaderTime)
    keepAlive = settings.span(.httpKeepAlive)
    requestsPerConnection = Int(settings.number(.httpRequests))
    bodyLimit = settings.number(.httpBody)
    leastRate = settings.number(.httpRate)
    rateWindow = settings.span(.httpRateTime)
    bodyTime = settings.span(.httpBodyTime)
    drainedBody = settings.number(.httpUnreadBody)
    lingerBytes = settings.number(.httpLingerBytes)
    lingerTime = settings.span(.httpLingerTime)
    streams = Int(settings.number(.httpStreams))
    streamsPerHolder = Int(settings.number(.httpStreamsPerKey))
    heartbeat = settings.span(.httpHeartbeat)
    form.parts = Int(settings.number(.formParts))
    form.headersPerPart = Int(settings.number(.formHeaders))
    form.headerLine = Int(settings.number(.formHeaderBytes))
    form.surroundings = Int(settings.number(.formMargin))
    form.textField = Int(settings.number(.formField))
    form.textFields = Int(settings.number(.formFields))
    let wanted = Int(settings.number(.httpConnections))
    if wanted > 0 { connections = wanted }
  }
}
