import Basics
import Formats
import Pictures

/// The calls of one conversion by vips, of which each is known when the ones before it have ended.
struct VIPSPlan {
  /// Frames together may have so many times the pixels of a picture, for they are held one by one.
  private static let mostFrames = 8
  private static let mostPages = 500
  private static let mostProfileBytes = 4 << 20
  private static let mostTextBytes = 1 << 20

  private enum Name {
    static let header = "header"
    static let pages = "pages"
    static let profile = "profile"
    static let loaded = "loaded.png"
    static let middle = "middle.png"
    static let base = "base.png"
    static let output = "out"
  }

  let task: ToolTask
  private let source: Format
  private let target: Format
  private let options: ConversionOptions

  init(_ task: ToolTask) {
    self.task = task
    target = task.conversion.to
    source = task.conversion.from ?? target
    options = task.options
  }

  private var file: String { source == .jxl ? Name.loaded : task.sources.first ?? "" }
  private var output: String { "\(Name.output).\(target.fileExtension)" }

  /// As many calls as can be told after so many.
  func calls(done: Int) throws(ConversionFailure) -> [ToolCall] {
    let source = task.sources.first ?? ""
    var calls = [
      call(VIPSPlan.vipsheader, ["-a", source], printed: Name.header, trusts: self.source == .jxl)
    ]
    guard done >= calls.count else { return calls }
    let header = try header()
    // A loader that has to be asked for by name, for it is not looked for among the trusted.
    if self.source == .jxl {
      calls.append(call(VIPSPlan.vips, ["jxlload", source, Name.loaded + "[compression=1,filter=sub]"], trusts: true))
    }
    if takesAllPages(header) { return calls + (try pageCalls(header, done: done - calls.count)) }
    guard isInTwo(header) else { return calls + [convert(page(header), to: output, saving(strip: strips), header)] }
    if keepsProfile(header) {
      calls.append(call(VIPSPlan.vipsheader, ["-f", "icc-profile-data", file], printed: Name.profile))
    }
    calls.append(convert(page(header), to: Name.middle, middleSaving + ",strip", header))
    guard target != .png, done >= calls.count else { return calls }
    return calls + [try finish(header)]
  }

  func results() throws(ConversionFailure) -> [ToolResult] {
    let header = try header()
    if takesAllPages(header) {
      return try task.folder.names().filter { $0.hasPrefix(Name.output + "-") }.map {
        ToolResult(
          $0,
          label: $0.dropFirst(Name.output.count + 1).split(separator: ".").first.flatMap { Int($0) }.map(String.init))
      }
    }
    guard target == .png, isInTwo(header) else { return [ToolResult(output)] }
    return [ToolResult(output, pieces: PNGEdit.pieces(of: Name.middle, withProfile: try profile()))]
  }
}

extension VIPSPlan {
  private static let vipsheader = Program("vipsheader", package: "libvips-tools")
  private static let vips = Program("vips", package: "libvips-tools")

  private var strips: Bool { options.flag(.strip) }
  private var isResized: Bool { ConversionOption.resizing.contains { options.asked.contains($0.name) } }

  /// True where the frames of one become those of the other.
  private var keepsFrames: Bool {
    guard options.whole(.page) == nil else { return false }
    let animated: Set<Format> = [.gif, .webp]
    return animated.contains(source) && animated.contains(target) || source == .tiff && target == .tiff
  }

  private func takesAllPages(_ header: VIPSHeader) -> Bool {
    source == .tiff && target != .tiff && header.pages > 1 && options.whole(.page) == nil
  }

  /// What is left out takes a profile with it, and a WebP keeps all there is: then a picture in between has neither.
  private func isInTwo(_ header: VIPSHeader) -> Bool {
    if target == .jxl { return true }
    if keepsFrames && header.pages > 1 { return false }
    return strips && (keepsProfile(header) || target == .webp && header.hasMetadata)
  }

  private func keepsProfile(_ header: VIPSHeader) -> Bool { header.hasProfile && !becomesStandard(header) }

  /// True for colours that the target cannot say, and so become sRGB's.
  private func becomesStandard(_ header: VIPSHeader) -> Bool {
    header.interpretation == "cmyk"
      || header.hasProfile && (target == .gif || takesAllPages(header) || keepsFrames && header.pages > 1)
  }

  private func header() throws(ConversionFailure) -> VIPSHeader {
    let text = String(decoding: task.folder.bytes(of: Name.header, atMost: VIPSPlan.mostTextBytes) ?? [], as: UTF8.self)
    guard let header = VIPSHeader(text) else {
      throw ConversionFailure(.damagedFile, "the picture is damaged, or not one that vips reads")
    }
    try PictureLimit.check(width: header.width, height: header.height, task)
    if let page = options.whole(.page), page > header.pages {
      throw ConversionFailure(
        .unsupportedConversion, "page \(page) was asked for, and the file has \(header.pages)")
    }
    if keepsFrames, header.pages > 1 {
      let most = task.maxPixels.multipliedReportingOverflow(by: VIPSPlan.mostFrames)
      let all = (header.width * header.height).multipliedReportingOverflow(by: header.pages)
      guard most.overflow || !all.overflow && all.partialValue <= most.partialValue else {
        throw ConversionFailure(
          .tooManyPixels,
          "the picture has \(header.pages) frames of \(header.width) x \(header.height) pixels, and may have"
            + " \(most.partialValue) pixels together; page takes one of them")
      }
      if strips, target == .webp, header.hasMetadata {
        throw ConversionFailure(
          .unsupportedConversion, "metadata cannot be left out of a film of WebP; strip=false keeps them")
      }
    }
    let size = PictureLimit.resized(header.width, header.height, options)
    try PictureLimit.check(width: size.width, height: size.height, fits: target)
    return header
  }

  private func profile() throws(ConversionFailure) -> [UInt8] {
    let text = String(
      decoding: task.folder.bytes(of: Name.profile, atMost: VIPSPlan.mostProfileBytes) ?? [], as: UTF8.self)
    guard let bytes = Base64.decode(text.filter { !$0.isWhitespace }), !bytes.isEmpty else {
      throw ConversionFailure(.damagedFile, "the picture's colour profile cannot be read")
    }
    return bytes
  }

  /// The file with the part of it that is meant.
  private func page(_ header: VIPSHeader) -> String {
    if keepsFrames && header.pages > 1 { return "\(file)[n=-1]" }
    return options.whole(.page).map { $0 > 1 ? "\(file)[page=\($0 - 1)]" : file } ?? file
  }

  /// A call for the sides of all pages, then one for each page.
  private func pageCalls(_ header: VIPSHeader, done: Int) throws(ConversionFailure) -> [ToolCall] {
    guard header.pages <= VIPSPlan.mostPages else {
      throw ConversionFailure(
        .unsupportedConversion,
        "the file has \(header.pages) pages, and at most \(VIPSPlan.mostPages) become files; page takes one of them")
    }
    let pages = (0..<header.pages).map { "\(file)[page=\($0)]" }
    let sides = call(VIPSPlan.vipsheader, pages, printed: Name.pages)
    guard done > 0 else { return [sides] }
    let text = String(decoding: task.folder.bytes(of: Name.pages, atMost: VIPSPlan.mostTextBytes) ?? [], as: UTF8.self)
    for (index, side) in VIPSHeader.sides(text).enumerated() {
      try PictureLimit.check(width: side.width, height: side.height, of: "page \(index + 1)", task)
    }
    return [sides]
      + pages.enumerated().map { index, page in
        let number = String(index + 1)
        let name = "\(Name.output)-\(String(repeating: "0", count: 4 - number.count))\(number).\(target.fileExtension)"
        return convert(page, to: name, saving(strip: strips), header)
      }
  }

  /// Decodes, turns upright, resizes and writes.
  private func convert(_ page: String, to name: String, _ saving: String, _ header: VIPSHeader) -> ToolCall {
    var arguments = [page, "--size", size, "--output", "./\(name)[\(saving)]"]
    if !options.flag(.autoOrient) { arguments.append("--no-rotate") }
    if becomesStandard(header) { arguments += ["--export-profile", "srgb"] }
    return call(nil, arguments)
  }

  /// As vipsthumbnail takes it; by itself a size that no picture has, for it then only shrinks what is larger.
  private var size: String {
    let only = options.whole(.thumbnail) != nil || options.flag(.neverEnlarge) ? ">" : ""
    if let side = options.whole(.thumbnail) { return "\(side)x\(side)>" }
    switch (options.whole(.width), options.whole(.height)) {
    case (let width?, let height?): return "\(width)x\(height)\(only)"
    case (let width?, nil): return "\(width)x\(only)"
    case (nil, let height?): return "x\(height)\(only)"
    case (nil, nil): return "\(ConversionLimits.longestSide)x\(ConversionLimits.longestSide)>"
    }
  }

  /// Puts the profile back in, and writes what is asked for.
  private func finish(_ header: VIPSHeader) throws(ConversionFailure) -> ToolCall {
    let pieces =
      keepsProfile(header)
      ? PNGEdit.pieces(of: Name.middle, withProfile: try profile()) : [.part(of: Name.middle, from: 0)]
    var last =
      target == .jxl
      ? call(VIPSPlan.vips, ["jxlsave", Name.base, output] + jxlOptions, trusts: true)
      : call(VIPSPlan.vips, ["copy", Name.base, "./\(output)[\(saving(strip: false))]"])
    last.assembled = [Name.base: pieces]
    return last
  }

  private func call(
    _ program: Program?, _ arguments: [String], printed: String? = nil, trusts: Bool = false
  ) -> ToolCall {
    let isHeavy = [.heic, .avif, .jxl].contains(target)
    // Libraries with no tests against hostile files are not used unless they are asked for by name.
    let environment = trusts ? [:] : ["VIPS_BLOCK_UNTRUSTED": "1"]
    return ToolCall(
      program, arguments: arguments, environment: environment.merging(["VIPS_CONCURRENCY": "1"]) { $1 },
      memoryBytes: isHeavy ? 4 << 30 : 3 << 29, printed: printed)
  }
}
