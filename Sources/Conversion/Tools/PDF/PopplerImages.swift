import Formats

/// Takes the pictures out of PDF documents, each once, by pdfimages of Poppler.
struct PopplerImages: Tool {
  let program = Poppler.images
  let companions = [Poppler.facts, QPDFOrder.program]
  let lane = Lane.office
  var name: String { program.name }

  /// A job has no more outputs.
  private static let most = 1000
  private static let listed = "list"
  private static let mostBytes = 4 << 20

  var offers: [Offer] {
    [
      Offer(
        from: [.pdf], to: [.png, .tiff], options: [.pages, .password],
        deed: .init(
          .extractImages, targets: "the pictures in a pdf are taken out as png, tiff or what these become", count: ""),
        cost: QPDF.cost)
    ]
  }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    switch try PDFOpening(task: task).state(after: ends) {
    case .needs(let call): return call
    case .open(let document):
      if ends.count > document.calls, let last = ends.last { try Poppler.check(last) }
      switch ends.count - document.calls {
      case 0:
        return ToolCall(arguments: ["-list"] + document.range + [document.name], printed: PopplerImages.listed)
      case 1:
        _ = try PopplerImages.images(task)
        let form = task.conversion.to == .tiff ? "-tiff" : "-png"
        return ToolCall(arguments: [form, "-p"] + document.range + [document.name, "image"])
      default: return nil
      }
    }
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    guard case .open(let document) = try PDFOpening(task: task).state(after: ends) else { return [] }
    let ending = task.conversion.to == .tiff ? "tif" : "png"
    let images = try PopplerImages.images(task)
    func digits(_ number: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
    var onPage: [Int: Int] = [:]
    return try images.map { (image) throws(ConversionFailure) in
      let name = "image-\(digits(image.page))-\(digits(image.number)).\(ending)"
      guard task.folder.size(of: name) ?? 0 > 0 else {
        throw ConversionFailure(.damagedFile, "a picture on page \(image.page) cannot be taken out")
      }
      let index = image.page - document.first
      let page = document.numbers.indices.contains(index) ? document.numbers[index] : image.page
      onPage[image.page, default: 0] += 1
      return ToolResult(name, label: images.count == 1 ? nil : "\(page)-\(onPage[image.page] ?? 1)")
    }
  }

  private struct Image {
    let page: Int
    let number: Int
  }

  /// Those that are pictures and not masks, each where it stands first.
  ///
  /// A line is "page num type width height color comp bpc enc interp object ID …", where the object is two numbers or
  /// "[inline]".
  private static func images(_ task: ToolTask) throws(ConversionFailure) -> [Image] {
    let bytes = task.folder.bytes(of: listed, atMost: mostBytes) ?? []
    var images: [Image] = []
    var seen: Set<String> = []
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ")
      guard words.count > 12, words[2] == "image", let page = ToldNumber.read(words[0]),
        let number = ToldNumber.read(words[1]), let width = ToldNumber.read(words[3]),
        let height = ToldNumber.read(words[4])
      else { continue }
      let object = words[10] == "[inline]" ? "\(number) inline" : "\(words[10]) \(words[11])"
      guard seen.insert(object).inserted else { continue }
      let (pixels, isOver) = width.multipliedReportingOverflow(by: height)
      guard !isOver, pixels <= task.maxPixels else {
        throw ConversionFailure(
          .tooManyPixels,
          "a picture on page \(page) has \(width) x \(height) pixels, and may have \(task.maxPixels) in all")
      }
      images.append(Image(page: page, number: number))
    }
    guard !images.isEmpty else {
      throw ConversionFailure(.unsupportedConversion, "the document has no pictures in it")
    }
    guard images.count <= most else {
      throw ConversionFailure(
        .unsupportedConversion, "the document has \(images.count) pictures: at most \(most) are taken out at one time")
    }
    return images
  }
}
