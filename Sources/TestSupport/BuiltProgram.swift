import Appliance
import Glibc

/// The `wonder` program of the same build as the tests.
package enum BuiltProgram {
  package static var version: String { VersionCommand.version }

  /// It lies beside the test bundle, which is the program that runs now or its first argument.
  package static var path: String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count - 1))
    let running = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for program in [running] + CommandLine.arguments {
      guard let slash = program.lastIndex(of: "/") else { continue }
      let candidate = program[..<slash] + "/wonder"
      if access(String(candidate), X_OK) == 0 { return String(candidate) }
    }
    return "wonder"
  }
}
