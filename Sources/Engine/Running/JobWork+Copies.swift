import Basics
import Conversion
import Formats
import Glibc
import Storage

extension JobWork {
  /// A file of the job as an output of it.
  func copy(_ source: Input, named name: String) throws -> Made {
    let file = try open(source)
    defer { close(file) }
    let (path, target) = try makeOutput()
    defer { close(target) }
    let size = source.size ?? 0
    try workplace.room.make(target, isOver: checkTime) { mostBytes in
      guard size <= mostBytes else {
        throw ConversionFailure(.outputTooLarge, "the file has \(size) bytes", excess: .known(size))
      }
      var buffer = [UInt8](repeating: 0, count: Int(min(size, 1 << 20)))
      var copied: Int64 = 0
      while copied < size {
        try checkTime()
        let count = try check("read", path) { pread(file, &buffer, buffer.count, off_t(copied)) }
        guard count > 0 else { throw ConversionFailure(.internalError, "the file is shorter than it was") }
        try FileBytes.writeAll(Array(buffer[..<count]), to: target, named: path)
        copied += Int64(count)
      }
    }
    return Made(
      path: path,
      output: NewOutput(
        inputID: source.id, fileName: name,
        mediaType: try MediaTypes.type(ofFile: file, named: name), size: size,
        sha256: try source.sha256 ?? SHA256.digest(ofFile: target, named: path), width: nil, height: nil))
  }
}
