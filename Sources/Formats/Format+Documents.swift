/// Documents of word processors, spreadsheets and presentations, and pages.
extension Format {
  package static let docx = document(
    "docx", [], "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word")
  package static let xlsx = document(
    "xlsx", [], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel")
  package static let pptx = document(
    "pptx", [], "application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint")
  package static let odt = document("odt", [], "application/vnd.oasis.opendocument.text", "OpenDocument text")
  package static let ods = document(
    "ods", [], "application/vnd.oasis.opendocument.spreadsheet", "OpenDocument spreadsheet")
  package static let odp = document(
    "odp", [], "application/vnd.oasis.opendocument.presentation", "OpenDocument presentation")
  package static let epub = document("epub", [], "application/epub+zip", "EPUB")
  package static let html = document("html", ["htm", "xhtml"], "text/html", "HTML")
  package static let md = document("md", ["markdown"], "text/markdown", "Markdown")
  package static let txt = document("txt", ["text"], "text/plain", "plain text")

  static let documents = [docx, xlsx, pptx, odt, ods, odp, epub, html, md, txt]

  package static let doc = document("doc", [], "application/msword", "Word 97")
  package static let xls = document("xls", [], "application/vnd.ms-excel", "Excel 97")
  package static let ppt = document("ppt", [], "application/vnd.ms-powerpoint", "PowerPoint 97")
  package static let rtf = document("rtf", [], "application/rtf", "RTF")
  package static let rst = document("rst", [], "text/x-rst", "reStructuredText")
  package static let pages = document("pages", [], "application/vnd.apple.pages", "Pages")
  package static let numbers = document("numbers", [], "application/vnd.apple.numbers", "Numbers")
  package static let key = document("key", [], "application/vnd.apple.keynote", "Keynote")
  package static let eml = document("eml", [], "message/rfc822", "e-mail")
  package static let msg = document("msg", [], "application/vnd.ms-outlook", "Outlook message")

  static let offices = [doc, xls, ppt, rtf, rst, pages, numbers, key, eml, msg]
}
