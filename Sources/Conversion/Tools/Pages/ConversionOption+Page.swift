import Formats
import Pictures

/// What can be asked for of a page that the browser opens.
extension ConversionOption {
  static let viewportWidth = ConversionOption(
    "viewport_width", .whole(16...8192), .whole(1280), "width of the browser's window, in CSS pixels")
  static let viewportHeight = ConversionOption(
    "viewport_height", .whole(16...8192), .whole(800), "height of the browser's window, in CSS pixels")
  static let deviceScale = ConversionOption(
    "device_scale", .decimal(0.25...4), .decimal(1), "pixels of a picture for each CSS pixel of a web page")
  static let fullPage = ConversionOption(
    "full_page", .flag, .flag(true), "takes a picture of a whole web page, and not only of what the window shows")
  static let element = ConversionOption(
    "element", selector, nil, "takes a picture of the first element of a web page that this CSS selector finds")

  static let waitUntil = ConversionOption(
    "wait_until", .choice(["dom", "load", "idle"]), .word("load"),
    "when a web page counts as loaded: its document alone, all that belongs to it, or when it asks for nothing more")
  static let waitSelector = ConversionOption(
    "wait_selector", selector, nil, "waits until this CSS selector finds something on a web page")
  static let waitSelectorTime = ConversionOption(
    "wait_selector_time", .decimal(0.1...120), .decimal(30), "how long wait_selector is waited for, in seconds")
  static let delay = ConversionOption(
    "delay", .decimal(0...60), .decimal(0), "waits so many seconds after a web page has loaded")
  static let loadTime = ConversionOption(
    "load_time", .decimal(0.5...300), .decimal(30), "how long a web page may take to load, in seconds")
  static let acceptIncomplete = ConversionOption(
    "accept_incomplete", .flag, .flag(false), "takes a web page as it is when the time for it is over")
  static let acceptErrors = ConversionOption(
    "accept_errors", .flag, .flag(false), "takes a web page whose server answers with an error, such as 404")

  static let loadLazy = ConversionOption(
    "load_lazy", .flag, .flag(true), "loads what a web page only loads when it is scrolled to")
  static let unstick = ConversionOption(
    "unstick", .flag, .flag(true), "keeps what stays in place when a web page is scrolled from covering or repeating")
  static let hideBanners = ConversionOption(
    "hide_banners", .flag, .flag(false), "hides what asks for consent to cookies on a web page")
  static let block = ConversionOption(
    "block", .words(["ads", "media", "images", "fonts"]), nil, "what a web page may not load")

  static let pageUser = ConversionOption(
    "page_user", plain(255), nil, "user name for a web page that asks for one")
  static let pagePassword = ConversionOption(
    "page_password", .secret(most: 255), nil, "password for a web page that asks for one")
  static let cookies = ConversionOption(
    "cookies", .secret(most: 16 << 10), nil,
    "cookies for a web page: NAME=VALUE with semicolons between them, or JSON objects with name, value, domain, path, secure, http_only, same_site"
  )
  static let headers = ConversionOption(
    "headers", .secret(most: 16 << 10), nil,
    "header fields for the server of a web page, and for no other: a JSON object of names and values")
  static let userAgent = ConversionOption(
    "user_agent", plain(500), nil, "what the browser says that it is")
  static let cssMedia = ConversionOption(
    "css_media", .choice(["screen", "print"]), nil,
    "the media type that the styles of a web page are for; else print for a PDF, and screen for all else")
  static let colourScheme = ConversionOption(
    "colour_scheme", .choice(["light", "dark"]), .word("light"), "which of its looks a web page is asked for")
  static let javascript = ConversionOption("javascript", .flag, .flag(true), "runs the scripts of a web page")
  static let timeZone = ConversionOption(
    "time_zone", plain(64), nil, "the time zone that a web page sees, such as Europe/Berlin; else UTC")
  static let locale = ConversionOption(
    "locale", plain(64), nil, "the language that a web page is asked for, such as de-DE; else en-US")

  static let pageWidth = ConversionOption(
    "page_width", .decimal(10...5000), nil, "width of a PDF page of a web page, in millimetres, instead of page_size")
  static let pageHeight = ConversionOption(
    "page_height", .decimal(10...5000), nil,
    "height of a PDF page of a web page, in millimetres, instead of page_size")
  static let marginTop = margin("top")
  static let marginRight = margin("right")
  static let marginBottom = margin("bottom")
  static let marginLeft = margin("left")
  static let scale = ConversionOption(
    "scale", .decimal(0.1...2), .decimal(1), "how large a web page is printed, 1 being its own size")
  static let backgrounds = ConversionOption(
    "backgrounds", .flag, .flag(true), "prints the backgrounds of a web page")
  static let cssPageSize = ConversionOption(
    "css_page_size", .flag, .flag(false), "lets the styles of a web page say how large a PDF page is")
  static let singlePage = ConversionOption(
    "single_page", .flag, .flag(false), "makes one PDF page as long as the web page is")
  static let headerHTML = ConversionOption(
    "header_html", limited(20_000), nil,
    "HTML at the top of each PDF page of a web page; elements of the classes pageNumber, totalPages, date, title and url are filled in"
  )
  static let footerHTML = ConversionOption(
    "footer_html", limited(20_000), nil, "the same at the bottom of each page")
  static let outline = ConversionOption(
    "outline", .flag, .flag(true), "gives a PDF of a web page an outline of its headings")

  /// How a page is opened, whatever is made of it.
  static let opening = [
    viewportWidth, viewportHeight, waitUntil, waitSelector, waitSelectorTime, delay, loadTime, acceptIncomplete,
    acceptErrors, loadLazy, hideBanners, block, pageUser, pagePassword, cookies, headers, userAgent, cssMedia,
    colourScheme, javascript, timeZone, locale,
  ]
  static let picturing = [deviceScale, fullPage, element, unstick, grayscale]
  static let printing = [
    pageSize, pageWidth, pageHeight, pageOrientation, margin, marginTop, marginRight, marginBottom, marginLeft, scale,
    backgrounds, cssPageSize, singlePage, headerHTML, footerHTML, outline, pages, tagged, unstick, grayscale,
  ]

  private static let selector = Kind.text(valid: "a CSS selector of up to 1000 characters") {
    (1...1000).contains($0.utf8.count)
  }

  private static func limited(_ most: Int) -> Kind {
    .text(valid: "up to \(most) characters") { (1...most).contains($0.utf8.count) }
  }

  private static func plain(_ most: Int) -> Kind {
    .text(valid: "up to \(most) characters without controls") { text in
      (1...most).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
  }

  private static func margin(_ side: String) -> ConversionOption {
    ConversionOption(
      "margin_\(side)", .decimal(0...500), nil, "the \(side) margin of a PDF of a web page, in millimetres; else margin"
    )
  }
}
