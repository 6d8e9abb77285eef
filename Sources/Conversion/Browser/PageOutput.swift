import Basics
import Formats
import Glibc
import Pictures

/// Makes the file of a page that is ready, and writes it.
enum PageOutput {
  /// Throws as the page does, and when the file would be larger than it may.
  static func write(
    _ visitor: PageVisitor, as format: Format, into output: Int32, atMost most: Int64
  ) throws(VisitTrouble) -> MadeFile {
    var sides: (width: Int, height: Int)?
    var size: Int64 = 0
    let file = ByteOutput(output) { (bytes) throws(ConversionFailure) in
      size += bytes
      guard size <= most else { throw .overLimit }
    }
    func add(_ bytes: [UInt8]) throws(VisitTrouble) {
      do throws(ConversionFailure) { try file.write(bytes) } catch { throw .failed(error) }
    }
    // What an earlier try has left is longer, perhaps.
    do throws(SystemFailure) { try check("ftruncate", "output") { ftruncate(output, 0) } } catch {
      throw .failed(ConversionFailure(error))
    }
    switch format {
    case .pdf: try PagePaper.print(visitor, add)
    case .html: try add(Array((try visitor.run(.source).string ?? "").utf8))
    case .mhtml:
      let answer = try visitor.call("Page.captureSnapshot", ["format": .string("mhtml")])
      try add(Array((answer["data"]?.string ?? "").utf8))
    default:
      let picture = try PagePicture.take(visitor, as: format)
      sides = (picture.width, picture.height)
      try add(picture.bytes)
    }
    do throws(ConversionFailure) { size = try file.finish() } catch { throw .failed(error) }
    guard size > 0 else { throw .refused("nothing was made") }
    do throws(ConversionFailure) {
      return try MadeFile(
        checking: output, of: size, as: format, width: sides?.width, height: sides?.height, by: "the browser")
    } catch {
      throw .failed(error)
    }
  }
}
