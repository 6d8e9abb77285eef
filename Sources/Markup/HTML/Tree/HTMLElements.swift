/// What the tree has to know of the elements of HTML.
enum HTMLElements {
  /// Elements that hold nothing and have no end tag (HTML Standard, section 13.1.2).
  static let void: Set<String> = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta",
    "param", "source", "track", "wbr",
  ]

  /// Elements whose start ends an open paragraph (HTML Standard, section 13.2.6.4.7).
  static let endsParagraph: Set<String> = [
    "address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "li",
    "listing", "main", "menu", "nav", "ol", "p", "plaintext", "pre", "search", "section", "summary", "table", "ul",
    "xmp",
    "dd", "dt",
  ]

  /// Elements that an end tag of another name does not reach through (HTML Standard, section 13.2.4.2): SVG and MathML are
  /// none, but what holds HTML in them is.
  static let scopes: Set<String> = holdsHTML.union([
    "annotation-xml", "applet", "caption", "marquee", "object", "table", "td", "template", "th",
  ])

  /// Elements that the end tag of an inline one does not reach through: those that are special (HTML Standard, section
  /// 13.2.4.2), but for those that are inline here or never open.
  static let special: Set<String> = headings.union([
    "address", "applet", "article", "aside", "blockquote", "caption", "center", "colgroup", "dd", "desc", "details",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "foreignobject", "form", "header", "hgroup",
    "iframe", "li", "listing", "main", "marquee", "menu", "nav", "noembed", "noframes", "noscript", "ol", "p",
    "plaintext", "pre", "script", "search", "section", "style", "summary", "table", "tbody", "td", "template", "tfoot",
    "th", "thead", "title", "tr", "ul", "xmp",
  ])

  static let headings: Set<String> = ["h1", "h2", "h3", "h4", "h5", "h6"]

  /// Elements that may be closed while blocks in them are open.
  static let formatting: Set<String> = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
  ]

  /// Elements that give texts a form, or none, and begin no block.
  static let inline: Set<String> = formatting.union([
    "abbr", "acronym", "audio", "bdi", "bdo", "button", "canvas", "cite", "data", "del", "dfn", "img", "input", "ins",
    "kbd", "label", "map", "mark", "meter", "object", "output", "picture", "progress", "q", "rp", "rt", "ruby", "samp",
    "select", "slot", "span", "sub", "sup", "textarea", "time", "var", "video", "wbr", "svg", "math", "br", "font", "",
  ]).union(mathematics)

  /// Elements of a formula within a line (MathML Core, section 3).
  private static let mathematics: Set<String> = [
    "maction", "menclose", "merror", "mfenced", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded",
    "mphantom", "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtext",
    "munder", "munderover", "semantics",
  ]

  /// Elements of HTML that end SVG and MathML when they begin in them (HTML Standard, section 13.2.6.5).
  static let endsForeign: Set<String> = [
    "b", "big", "blockquote", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p", "pre", "ruby", "s", "small",
    "span",
    "strike", "strong", "sub", "sup", "table", "tt", "u", "ul", "var",
  ]

  /// Elements in which others are not of HTML.
  static let foreign: Set<String> = ["svg", "math"]

  /// Elements of SVG and MathML in which others are of HTML again (HTML Standard, section 13.2.6): of MathML's
  /// annotations only those that say so.
  static let holdsHTML: Set<String> = ["foreignobject", "desc", "title", "mi", "mo", "mn", "ms", "mtext"]

  static let tableParts: Set<String> = ["caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"]

  /// How what is inside of an element is read, where it is not read as data.
  static let models: [String: HTMLContentModel] = [
    "title": .escapableRawText, "textarea": .escapableRawText, "style": .rawText, "xmp": .rawText, "iframe": .rawText,
    "noembed": .rawText, "noframes": .rawText, "script": .script, "plaintext": .plainText,
  ]

  /// Elements whose text is not a part of what a reader sees.
  static let hidden: Set<String> = [
    "script", "style", "head", "title", "template", "noframes", "noembed", "iframe", "datalist", "textarea", "select",
    "svg", "annotation", "annotation-xml", "object", "audio", "video", "canvas", "rp",
  ]
}
