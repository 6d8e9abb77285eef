package import Formats
import Pictures

/// Everything that makes files: one row each.
package enum Makers {
  /// Code of ours, which runs in a decoder's child; always there.
  package static let builtIn: [any Maker] =
    PictureMakers.all + [
      HashConverter(), ArchiveConverter(), GZIPConverter(), RepackConverter(), UnpackConverter(), ListingConverter(),
      ExtractConverter(), MailConverter(), DocumentConverter(),
      SheetConverter(), WorkbookConverter(), DataConverter(), MarkupConverter(),
      TableConverter(), PageTextConverter(), LinkConverter(),
    ]

  package static let all: [any Maker] =
    builtIn + [
      QPDF(), PDFStamper(), Ghostscript(), PopplerPictures(), PopplerText(), PopplerDrawings(), PopplerImages(),
      PopplerFacts(), GhostscriptPages(), WebP(),
    ] + VIPS.all + [RSVG(), Potrace(), EXIFTool(), EXIFToolOfPDF(), Tesseract(), Pandoc(), FFmpeg()] + LibreOffice.all
    + Chromium.all
}
