import Formats
import Pictures

/// What makers of PDF out of PDF understand, and what of it does not go together.
extension PDFWork {
  private static let permissions: [ConversionOption] = [.permitPrint, .permitModify, .permitCopy, .permitAnnotate]

  private static let everywhere: [ConversionOption] =
    [
      .rotate, .rotatePages, .linearize, .compact, .flatten, .optimizeImages, .password, .decrypt, .userPassword,
      .ownerPassword, .stampPages, .stampBelow,
    ] + permissions

  /// What is understood where the sizes of pages can be found out.
  static let stamping: [ConversionOption] = [
    .stampText, .stampPosition, .stampSize, .stampOpacity, .stampRotation, .stampDiagonal, .stampColour, .pageNumbers,
    .pageNumberFormat, .pageNumberPosition, .firstNumber,
  ]

  /// One offer for several documents that become one, one for a document that becomes several, and the usual one.
  static func offers(_ own: [ConversionOption] = [], cost: Int) -> [Offer] {
    let all = everywhere + own
    return [
      Offer(
        from: [.pdf], to: [.pdf], options: all + [.mergePages],
        deed: .init(.merge, targets: "several documents become one pdf", count: "several files are merged"),
        gathers: 1...ConversionFiles.mostSources, overlays: [.pdf], cost: cost),
      Offer(
        from: [.pdf], to: [.pdf], options: all + [.pages, .splitPages],
        deed: .init(.split, targets: "a document is split into pdf", count: ""), overlays: [.pdf], cost: cost),
      Offer(from: [.pdf], to: [.pdf], options: all + [.pages], overlays: [.pdf], cost: cost),
    ]
  }

  /// A sentence about options that contradict each other; nil where none do.
  static func problem(_ options: ConversionOptions) -> String? {
    let (user, owner) = (options.secret(.userPassword), options.secret(.ownerPassword))
    let isArchival = options.word(.archival) != "none"
    if isArchival, user != nil || owner != nil {
      return "a PDF/A has no protection, so pdfa does not go together with user_password and owner_password"
    }
    if isArchival, options.word(.documentVersion) != nil {
      return "a PDF/A has the version that its part says, so pdfa does not go together with pdf_version"
    }
    if options.word(.documentVersion).map({ $0 < "1.7" }) ?? false, user != nil || owner != nil {
      return "a protected document has version 1.7, so a lower pdf_version does not go together with passwords"
    }
    if let named = permissions.first(where: { options[$0] != $0.standard }), owner == nil || owner == user {
      return "\(named.name) holds only for whoever does not have the owner_password, which must be given, and another "
        + "than user_password"
    }
    if options.word(.rotatePages) != nil, options.word(.rotate) == "0" { return "rotate_pages needs rotate" }
    return nil
  }
}
