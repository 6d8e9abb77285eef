import Basics

/// A script of ours that runs on a page, apart from the page's own.
enum PageScript: String {
  case begin, look, await, settle, banners, unstick, place, source, style, scroll
  /// Settles and then looks, in one go.
  case ready

  var text: String {
    guard self == .ready else { return PageScript.text("\(rawValue).js") }
    let (settle, look) = (PageScript.settle.text, PageScript.look.text)
    return "async (milliseconds) => { await (\(settle))(milliseconds); return (\(look))(); }"
  }

  /// The lines of a list that a script works by.
  static func lines(_ name: String) -> [String] { text(name).split(separator: "\n").map(String.init) }

  private static func text(_ name: String) -> String {
    String(decoding: EmbeddedFile.find("page/\(name)")?.bytes ?? [], as: UTF8.self)
  }
}
