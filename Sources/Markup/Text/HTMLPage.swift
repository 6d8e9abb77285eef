package import DataFormats

/// The page around a text, with a plain style.
package enum HTMLPage {
  private static let style: StaticString = """
    body { margin: 2em auto; max-width: 46em; padding: 0 1em; font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b }
    h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.5em 0 .5em }
    pre, code { font-family: ui-monospace, monospace; font-size: .9em; background: #f4f4f4; border-radius: 3px }
    code { padding: .1em .3em } pre { padding: .8em 1em; overflow-x: auto } pre code { padding: 0; font-size: 1em }
    blockquote { margin: 1em 0; padding: 0 1em; border-left: 3px solid #d0d0d0; color: #555 }
    table { border-collapse: collapse; margin: 1em 0 } th, td { border: 1px solid #d0d0d0; padding: .3em .7em }
    img { max-width: 100% } hr { border: 0; border-top: 1px solid #d0d0d0; margin: 2em 0 }
    @media print { body { margin: 0; max-width: none } }

    """

  /// Writes what comes before the text, and lets it leave.
  ///
  /// Throws what the drain's taker throws, as `end` does.
  package static func begin(title: String, language: String? = nil, to drain: ByteDrain) throws {
    var output = MarkupOutput(drain)
    output.put("<!DOCTYPE html>\n<html")
    if let language {
      output.put(" lang=\"")
      put(escaping: language, &output)
      output.put(UInt8(ascii: "\""))
    }
    output.put(">\n<head>\n<meta charset=\"utf-8\" />\n")
    output.put("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n<title>")
    put(escaping: title, &output)
    output.put("</title>\n<style>\n")
    output.put(style)
    output.put("</style>\n</head>\n<body>\n")
    try output.finish()
  }

  /// Writes what comes behind the text.
  package static func end(to drain: ByteDrain) throws { try drain.put("</body>\n</html>\n" as StaticString) }

  private static func put(escaping text: String, _ output: inout MarkupOutput) {
    Array(text.utf8).withUnsafeBufferPointer { output.putEscaped($0) }
  }
}
