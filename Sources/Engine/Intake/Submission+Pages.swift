import Basics
import Formats
import Glibc
import Storage

/// Addresses of pages become files that hold them, which the job then has, counts and loses like any others.
extension Submission {
  private var arePages: Bool { from.flatMap(Format.named) == .url }

  /// True when a page is to be opened for it.
  var opensPages: Bool { arePages || sources.contains(where: \.isPage) }

  /// With a file in the place of each page; where the source is said to be the address of a page, any address is one.
  ///
  /// Throws `Refusal.invalidFields` for an address that no page can have.
  func puttingPages(into spool: Spool) throws -> Submission {
    guard opensPages else { return self }
    var submission = self
    submission.sources = try sources.map { source in
      switch source {
      case .page(let address, let name): try .page(address, name, in: spool)
      case .address(let address, let name) where arePages: try .page(address, name, in: spool)
      default: source
      }
    }
    return submission
  }
}

/// A site begins at an address, which may have come as a file.
extension Submission {
  /// With the address in the place of the file that holds it.
  ///
  /// Throws `Refusal.invalidFields` for an address that no page can have.
  func takingAddress() throws -> Submission {
    guard let source = sources.first else { return self }
    let address: String
    switch source {
    case .cloud, .stored: throw Refusal.invalidFields.naming([.init(.files, "a site begins at the address of a page")])
    case .address(let text, _), .page(let text, _): address = text
    case .file(let file):
      let bytes = file.size > PageAddress.mostBytes ? [] : try FileBytes.read(file.path, atMost: PageAddress.mostBytes)
      guard let text = PageAddress.read(bytes) else {
        throw Refusal.invalidFile.naming([.init(.files, "\(FileNames.clean(file.name)) holds no address of a page")])
      }
      address = text
    }
    if let problem = WebhookAddress.problem(of: address) {
      throw Refusal.invalidFields.naming([.init(.files, "the address of a site \(problem)")])
    }
    var submission = self
    submission.sources = [.page(address, name: nil)]
    // A repetition is known by it, however it came.
    submission.fields.append(("site root", address))
    return submission
  }
}

extension Submission.Source {
  fileprivate var isPage: Bool { if case .page = self { true } else { false } }

  /// The file of a page's address.
  static func page(_ address: String, _ name: String?, in spool: Spool) throws -> Submission.Source {
    if let problem = WebhookAddress.problem(of: address) {
      throw Refusal.invalidFields.naming([.init(.files, "the address of a page \(problem)")])
    }
    let bytes = PageAddress.file(of: address)
    let (path, file) = try spool.makeFile("page-" + Base32.text(Entropy.system.bytes(10)), O_WRONLY | O_EXCL)
    let keeper = SpoolGuard(path: path, spool: spool)
    defer { close(file) }
    try FileBytes.writeAll(bytes, to: file, named: path)
    var page = Submission.File(
      path: path, name: name ?? FileNames.page(at: address), size: Int64(bytes.count),
      contentType: Format.url.mediaType, keeper: keeper)
    page.page = address
    return .file(page)
  }
}
