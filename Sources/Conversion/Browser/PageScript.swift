import Basics

/// A script of ours that runs on a page, apart from the page's own.
enum PageScript: String {
  case begin, look, await, settle, banners, unstick, place, source, style, scroll

  var text: String { PageScript.text("\(rawValue).js") }

  /// The lines of a list that a script works by.
  static func lines(_ name: String) -> [String] { text(name).split(separator: "\n").map(String.init) }

  private static func text(_ name: String) -> String {
    String(decoding: EmbeddedFile.find("page/\(name)")?.bytes ?? [], as: UTF8.self)
  }
}
