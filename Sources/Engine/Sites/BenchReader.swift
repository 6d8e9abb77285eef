package import Basics
package import Conversion
import Formats
import Glibc

/// Has documents read in a decoder's child, which tells as JSON what they lead to: nothing of them is parsed here.
package struct BenchReader: PageReader {
  /// Bytes of a document that came compressed.
  static let mostUnpacked: Int64 = 50 << 20
  /// Bytes of what a child tells of one.
  static let mostTold: Int64 = 16 << 20
  static let timeLimit = Duration.seconds(30)

  private let bench: any Bench
  private let catalogue: CatalogueSource
  private let spool: Spool

  package init(bench: any Bench, catalogue: CatalogueSource, spool: Spool) {
    self.bench = bench
    self.catalogue = catalogue
    self.spool = spool
  }

  package func read(
    _ document: WebDocument, isCanceled: @escaping @Sendable () -> Bool
  ) throws(ReadingFailure) -> WebContent {
    do {
      let file = try check("open", document.path) { open(document.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
      defer { close(file) }
      let work = Work(document: document, isCanceled: isCanceled)
      return try document.kind == .page ? page(file, work) : list(file, work)
    } catch let failure as ConversionFailure {
      throw BenchReader.failure(failure)
    } catch let failure as ReadingFailure {
      throw failure
    } catch {
      throw .notNow("\(error)")
    }
  }

  private struct Work {
    let document: WebDocument
    let isCanceled: @Sendable () -> Bool
  }

  /// What is no fault of the document may be none the next time.
  private static func failure(_ failure: ConversionFailure) -> ReadingFailure {
    switch failure.code {
    case .canceled, .internalError, .diskFull, .storageQuota: .notNow("\(failure)")
    default: .document("cannot be read: \(failure.message)")
    }
  }

  private func page(_ file: Int32, _ work: Work) throws -> WebContent {
    let told = try told(file, .html, work)
    var page = WebPage()
    page.canonical = told["canonical"]?.string
    page.robots = Set((told["robots"]?.array ?? []).compactMap { $0.string?.lowercased() })
    let refresh = told["refresh"]?.string.map { WebPage.Link($0) }
    page.links =
      [refresh].compactMap { $0 }
      + (told["links"]?.array ?? []).compactMap { link in
        guard let address = link["address"]?.string, ["a", "area"].contains(link["kind"]?.string) else { return nil }
        let isForPeopleOnly = link["rel"]?.array?.contains { $0.string?.lowercased() == "nofollow" } ?? false
        return WebPage.Link(address, isForPeopleOnly: isForPeopleOnly)
      }
    return .page(page)
  }

  private func list(_ file: Int32, _ work: Work) throws -> WebContent {
    let type = try Sniffer.type(ofFile: file)
    guard type.certain == .gz else { return try list(file, type, work) }
    return try unpacked(file, work) { try list($0, try Sniffer.type(ofFile: $0), work) }
  }

  private func list(_ file: Int32, _ type: Sniffed, _ work: Work) throws -> WebContent {
    guard let format = [Format.xml, .txt].first(where: type.may(be:)), type.certain != .html else {
      throw ReadingFailure.document("is \(type.description), and no list of pages")
    }
    let told = try told(file, format, work)
    let addresses = (told["addresses"]?.array ?? []).compactMap { $0["address"]?.string }
    return .list(WebList(isIndex: told["kind"]?.string == "index", addresses: addresses))
  }

  /// Has a file unpacked by what is in it, and reads that.
  private func unpacked(_ file: Int32, _ work: Work, _ read: (Int32) throws -> WebContent) throws -> WebContent {
    var failure: ConversionFailure?
    for format in [Format.xml, .txt] {
      do {
        return try make(Conversion(from: .gz, to: format), file, BenchReader.mostUnpacked, work, read)
      } catch let refusal as ConversionFailure where refusal.code == .unsupportedConversion {
        failure = failure ?? refusal
      }
    }
    throw failure ?? ConversionFailure(.unsupportedConversion, "it cannot be unpacked here")
  }

  private func told(_ file: Int32, _ format: Format, _ work: Work) throws -> JSONValue {
    var texts = ["links": "true"]
    // A list has whole addresses.
    if format != .txt { texts["base"] = work.document.address }
    let options: ConversionOptions
    do { options = try ConversionOptions(texts, among: catalogue.now.options) } catch {
      throw ConversionFailure(.unsupportedConversion, "\(error.option) \(error.problem)")
    }
    return try make(Conversion(from: format, to: .json, options: options), file, BenchReader.mostTold, work) { made in
      let bytes = try BenchReader.bytes(of: made)
      do { return try JSONReader.parse(bytes) } catch {
        throw ConversionFailure(.converterDied, "the converter's result is no JSON")
      }
    }
  }

  private func make<Value>(
    _ conversion: Conversion, _ file: Int32, _ mostBytes: Int64, _ work: Work, _ use: (Int32) throws -> Value
  ) throws -> Value {
    guard let steps = catalogue.now.steps(of: conversion), let step = steps.first, steps.count == 1 else {
      let source = conversion.from?.title ?? "this"
      throw ConversionFailure(.unsupportedConversion, "\(source) cannot be made into \(conversion.to.title) here")
    }
    let name = "site-made-" + Base32.text(Entropy.system.bytes(10))
    let (path, target) = try spool.makeFile(name, O_RDWR | O_EXCL)
    defer {
      close(target)
      spool.remove(path)
    }
    var order = Order(
      step: step, conversion: conversion, files: ConversionFiles(sources: [file], output: target),
      timeLimit: BenchReader.timeLimit, mostBytes: mostBytes)
    order.owner = work.document.workspaceID
    _ = try bench.make(order, watch: Watch(isCanceled: work.isCanceled))
    return try use(target)
  }

  private static func bytes(of file: Int32) throws -> [UInt8] {
    var facts = stat()
    try check("fstat", "spool") { fstat(file, &facts) }
    guard facts.st_size <= mostTold else { throw ConversionFailure.overLimit }
    var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        pread(file, $0.baseAddress.map { $0 + done }, $0.count - done, off_t(done))
      }
      guard count > 0 else { throw SystemFailure("pread", "spool", code: count < 0 ? errno : EIO) }
      done += count
    }
    return bytes
  }
}
