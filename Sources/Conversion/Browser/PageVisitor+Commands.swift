import Basics
import Formats
import Pictures

/// What a page is told of the window that it is shown in.
extension PageVisitor {
  /// What it is told before it is opened.
  var own: [(String, [String: JSONValue])] {
    var commands: [(String, [String: JSONValue])] = [
      ("Page.enable", [:]), ("Network.enable", [:]), ("Page.setLifecycleEventsEnabled", ["enabled": .boolean(true)]),
      ("Inspector.enable", [:]),
      ("Page.addScriptToEvaluateOnNewDocument", ["source": .string(PageScript.begin.text)]),
      ("Browser.setDownloadBehavior", ["behavior": .string("deny"), "browserContextId": .string(page.context)]),
      metrics(width: width, height: height),
      (
        "Emulation.setEmulatedMedia",
        [
          "media": .string(options.word(.cssMedia) ?? (prints ? "print" : "screen")),
          "features": .array([
            .object([
              ("name", .string("prefers-color-scheme")), ("value", .string(options.word(.colourScheme) ?? "light")),
            ])
          ]),
        ]
      ),
      ("Emulation.setTimezoneOverride", ["timezoneId": .string(options.word(.timeZone) ?? "UTC")]),
      ("Emulation.setLocaleOverride", ["locale": .string(options.word(.locale) ?? "en-US")]),
    ]
    if options.word(.userAgent) != nil || options.word(.locale) != nil {
      var agent: [String: JSONValue] = ["userAgent": .string(options.word(.userAgent) ?? page.browser.agent)]
      if let locale = options.word(.locale) { agent["acceptLanguage"] = .string(locale) }
      commands.append(("Network.setUserAgentOverride", agent))
    }
    if !options.flag(.javascript) {
      commands.append(("Emulation.setScriptExecutionDisabled", ["value": .boolean(true)]))
    }
    return commands
  }

  /// Lays the page out for a window of another size.
  func resize(width: Int? = nil, height: Int) throws(VisitTrouble) {
    let (method, parameters) = metrics(width: width ?? self.width, height: height)
    try page.call(method, parameters, by: soon)
  }

  private func metrics(width: Int, height: Int) -> (String, [String: JSONValue]) {
    func side(_ length: Int) -> JSONValue { .integer(Int64(max(1, min(PagePicture.longestSide, length)))) }
    return (
      "Emulation.setDeviceMetricsOverride",
      [
        "width": side(width), "height": side(height),
        "deviceScaleFactor": .number(options.decimal(.deviceScale) ?? 1), "mobile": .boolean(false),
      ]
    )
  }
}
