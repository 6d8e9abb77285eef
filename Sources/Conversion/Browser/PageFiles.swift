import Basics
import Formats
import Glibc
import Outbound

/// The files of a client's page by their paths on the site of our own.
struct PageFiles: Sendable {
  private let files: [String: PageFile]
  /// The path of the page that is opened.
  let entry: String
  /// Descriptors of its own.
  let opened: [Int32]

  private static let page = "/index.html"
  private static let types: [(ending: String, type: String)] = [
    ("html", "text/html"), ("htm", "text/html"), ("xhtml", "application/xhtml+xml"), ("css", "text/css"),
    ("js", "text/javascript"), ("mjs", "text/javascript"), ("json", "application/json"), ("svg", "image/svg+xml"),
    ("png", "image/png"), ("jpg", "image/jpeg"), ("jpeg", "image/jpeg"), ("gif", "image/gif"), ("webp", "image/webp"),
    ("avif", "image/avif"), ("ico", "image/x-icon"), ("bmp", "image/bmp"), ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("ttf", "font/ttf"), ("otf", "font/otf"), ("mp4", "video/mp4"), ("webm", "video/webm"), ("mp3", "audio/mpeg"),
    ("wasm", "application/wasm"), ("txt", "text/plain"), ("xml", "application/xml"), ("md", "text/plain"),
  ]

  /// A page alone, whose encoding it says itself, or its bytes do.
  init(page file: Int32) throws(ConversionFailure) {
    files = [
      PageFiles.page: PageFile(mediaType: try PageFiles.type(ofPage: file), content: try PageFiles.content(file))
    ]
    entry = PageFiles.page
    opened = []
  }

  /// A page with what belongs to it, taken apart by a decoder's child.
  init(archive order: Order, by step: Step, pool: any Bench, watch: Watch) throws(ConversionFailure) {
    var opened: [Int32] = []
    func fresh() throws(ConversionFailure) -> Int32 {
      do throws(SystemFailure) { opened.append(try MemoryFile.make([])) } catch { throw ConversionFailure(error) }
      return opened[opened.count - 1]
    }
    do throws(ConversionFailure) {
      let first = try fresh()
      var inner = Order(
        step: step, conversion: Conversion(from: .zip, to: .files),
        files: ConversionFiles(sources: order.files.sources, output: first), timeLimit: order.timeLimit,
        mostBytes: min(order.mostBytes, 256 << 20), another: { () throws(ConversionFailure) in try fresh() })
      inner.owner = order.owner
      let made = try pool.make(inner, watch: Watch(isCanceled: watch.isCanceled))
      var files: [String: PageFile] = [:]
      for file in made {
        guard let name = file.part?.name else { continue }
        files["/" + name] = PageFile(
          mediaType: try PageFiles.type(of: name, file.descriptor), content: try PageFiles.content(file.descriptor))
      }
      guard let entry = PageFiles.entry(files.keys) else {
        throw ConversionFailure(
          .unsupportedConversion, "the archive has no page: it needs an index.html or another HTML file")
      }
      (self.files, self.entry, self.opened) = (files, entry, opened)
    } catch {
      for file in opened { close(file) }
      throw error
    }
  }

  func file(_ path: String) -> PageFile? { files[path] ?? files[path.hasSuffix("/") ? path + "index.html" : path] }

  /// The index nearest to the root, else the page nearest to it, the first by its name.
  private static func entry(_ paths: some Sequence<String>) -> String? {
    let pages = paths.filter { path in [".html", ".htm", ".xhtml"].contains { path.lowercased().hasSuffix($0) } }
    return pages.min { one, other in rank(one) < rank(other) }
  }

  private static func rank(_ path: String) -> (Int, Int, String) {
    let parts = path.split(separator: "/")
    let isIndex = parts.last?.lowercased().hasPrefix("index.") ?? false
    return (parts.count, isIndex ? 0 : 1, path)
  }

  /// A path as an address has it.
  static func encoded(_ path: String) -> String {
    path.split(separator: "/").map { "/" + PercentEncoding.segment(String($0)) }.joined()
  }

  private static func content(_ file: Int32) throws(ConversionFailure) -> PageFile.Content {
    do throws(SystemFailure) {
      let end = try check("lseek", "source") { lseek(file, 0, SEEK_END) }
      return .part(descriptor: file, offset: 0, length: Int64(end))
    } catch {
      throw ConversionFailure(error)
    }
  }

  private static func type(of name: String, _ file: Int32) throws(ConversionFailure) -> String {
    let ending = name.lowercased().split(separator: ".").last ?? ""
    let type = types.first { $0.ending == ending }?.type ?? "application/octet-stream"
    return type == "text/html" ? try self.type(ofPage: file) : type
  }

  /// Browsers take a page that says nothing of its encoding for Windows-1252; most are UTF-8.
  private static func type(ofPage file: Int32) throws(ConversionFailure) -> String {
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    let count = pread(file, &bytes, bytes.count, 0)
    guard count >= 0 else { throw ConversionFailure(SystemFailure("pread", "source")) }
    let start = Array(bytes[..<count])
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return "text/html" }
    // The last character of a beginning may be cut in two.
    let isUTF8 = (0...(count == bytes.count ? 3 : 0)).contains {
      String(validating: start.dropLast(min($0, count)), as: UTF8.self) != nil
    }
    return isUTF8 ? "text/html; charset=utf-8" : "text/html"
  }
}
