import Archives
import Basics
import Formats
import Pictures

/// An archive that is written file by file, of any kind that holds several.
final class PackOutput {
  private enum Writer {
    case zip(ZIPWriter)
    case tar(TARWriter)
    case tgz(TARWriter, GZIPWriter)
  }

  private let output: ByteOutput
  private let writer: Writer

  init(_ format: Format, _ descriptor: Int32) throws {
    let output = ByteOutput(descriptor)
    self.output = output
    switch format {
    case .zip: writer = .zip(ZIPWriter(descriptor))
    case .tar: writer = .tar(TARWriter { try output.write($0) })
    default:
      let gzip = try GZIPWriter { try output.write($0) }
      writer = .tgz(TARWriter(gzip.write), gzip)
    }
  }

  /// Adds a file under a name that may be there; `size` is nil for one that only its bytes tell, which TAR does not take.
  func add(_ name: String, size: Int?, at moment: Timestamp?, from source: any ByteSource) throws {
    switch writer {
    case .zip(let zip): try zip.add(name, size: size, at: moment, from: source)
    case .tar(let tar), .tgz(let tar, _):
      guard let size else { throw ConversionFailure(.internalError, "the size of a file is not known") }
      try tar.add(name, size: size, at: moment, from: source)
    }
  }

  func addFolder(_ name: String, at moment: Timestamp?) throws {
    switch writer {
    case .zip(let zip): try zip.add(name + "/", size: 0, at: moment, from: ContentSource([]))
    case .tar(let tar), .tgz(let tar, _): try tar.addFolder(name, at: moment)
    }
  }

  /// Completes the archive and tells its size in bytes.
  func finish() throws -> Int64 {
    switch writer {
    case .zip(let zip): return try zip.finish()
    case .tar(let tar): try tar.finish()
    case .tgz(let tar, let gzip):
      try tar.finish()
      try gzip.finish()
    }
    return try output.finish()
  }
}
