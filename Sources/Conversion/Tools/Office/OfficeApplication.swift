import Formats

/// A part of LibreOffice that a package of its own brings: the documents that it reads and what it makes of them.
struct OfficeApplication: Sendable {
  let title: String
  let library: Program
  /// Each format that it reads; the filter only where LibreOffice could take the file for something else.
  let reads: [(format: Format, filter: String?)]
  /// Each format that it writes, and the filter that does.
  let writes: [(format: Format, filter: String)]
  /// What can be asked for of its PDF beside what any document's has.
  let printing: [ConversionOption]

  static let folder = "/usr/lib/libreoffice/program"

  private init(
    _ title: String, package: String, library: String, printing: [ConversionOption] = [],
    reads: [(Format, String?)], writes: [(Format, String)]
  ) {
    self.title = title
    self.printing = printing
    self.library = Program(library, package: package, path: "\(OfficeApplication.folder)/\(library)")
    self.reads = reads.map { (format: $0.0, filter: $0.1) }
    self.writes = writes.map { (format: $0.0, filter: $0.1) }
  }

  static let writer = OfficeApplication(
    "LibreOffice Writer", package: "libreoffice-writer-nogui", library: "libswlo.so",
    reads: [
      (.docx, nil), (.odt, nil), (.doc, nil), (.rtf, "Rich Text Format"), (.html, "HTML (StarWriter)"),
      (.txt, "Text (encoded)"), (.pages, nil),
    ],
    writes: [
      (.pdf, "writer_pdf_Export"), (.docx, "MS Word 2007 XML"), (.odt, "writer8"), (.doc, "MS Word 97"),
      (.rtf, "Rich Text Format"), (.html, "HTML (StarWriter)"), (.txt, "Text (encoded)"),
    ])

  static let calc = OfficeApplication(
    "LibreOffice Calc", package: "libreoffice-calc-nogui", library: "libsclo.so",
    printing: [.singlePageSheets],
    reads: [
      (.xlsx, nil), (.ods, nil), (.xls, nil), (.csv, "Text - txt - csv (StarCalc)"),
      (.tsv, "Text - txt - csv (StarCalc)"), (.numbers, nil),
    ],
    writes: [
      (.pdf, "calc_pdf_Export"), (.xlsx, "Calc MS Excel 2007 XML"), (.ods, "calc8"), (.xls, "MS Excel 97"),
      (.csv, "Text - txt - csv (StarCalc)"), (.tsv, "Text - txt - csv (StarCalc)"), (.html, "HTML (StarCalc)"),
    ])

  static let impress = OfficeApplication(
    "LibreOffice Impress", package: "libreoffice-impress-nogui", library: "libsdlo.so",
    printing: [.notesPages, .hiddenSlides],
    reads: [(.pptx, nil), (.odp, nil), (.ppt, nil), (.key, nil)],
    writes: [
      (.pdf, "impress_pdf_Export"), (.pptx, "Impress MS PowerPoint 2007 XML"), (.odp, "impress8"),
      (.ppt, "MS PowerPoint 97"),
    ])
}
