import Basics
import Formats
import Glibc
import Outbound

/// Where the browser finds a page: at the client's address, or on a site of our own that nobody can guess and that holds the
/// client's files alone.
struct PageSource {
  let address: String
  let origin: PageOrigin?
  /// Files that are served, to be closed at the end.
  private let served: [Int32]

  var isRemote: Bool { origin == nil }

  /// Throws when the file has no address, or the archive no page.
  init(_ order: Order, pool: any Bench, unpacking: Step?, watch: Watch, entropy: Entropy) throws(ConversionFailure) {
    let file = order.files.sources[0]
    guard order.step.from != .url else {
      guard let address = PageAddress.read(try PageSource.bytes(file)) else {
        throw ConversionFailure(
          .damagedFile, "the file holds no address of a web page that begins with http:// or https://")
      }
      (self.address, origin, served) = (address, nil, [])
      return
    }
    let host = Base32.text(entropy.bytes(20)).lowercased() + ".invalid"
    let files: PageFiles
    if order.step.from == .zip {
      guard let unpacking else { throw ConversionFailure(.internalError, "nothing here opens archives") }
      files = try PageFiles(archive: order, by: unpacking, pool: pool, watch: watch)
    } else {
      files = try PageFiles(page: file)
    }
    served = files.opened
    address = "http://\(host)" + PageFiles.encoded(files.entry)
    origin = PageOrigin(host: host) { files.file($0) }
  }

  func close() {
    for file in served { Glibc.close(file) }
  }

  private static func bytes(_ file: Int32) throws(ConversionFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: PageAddress.mostBytes + 1)
    do throws(SystemFailure) {
      let count = try check("pread", "source") { pread(file, &bytes, bytes.count, 0) }
      return Array(bytes[..<count])
    } catch {
      throw ConversionFailure(error)
    }
  }
}
