import Basics
import Conversion
import Formats
import Glibc

/// The command `wonder hash`.
enum HashCommand {
  static let command = Command(
    "hash", "prints the sums of files: \(FileHashes.names.joined(separator: ", "))", operands: "FILE...",
    count: 1...100_000,
    options: [
      Command.Option(
        "--algorithm", "NAME", "one of them (sha256); \"all\" for every one", among: ["all"] + FileHashes.names),
      AdminCommands.json,
    ],
    examples: ["wonder hash photo.png", "wonder hash --algorithm all --json *.jpg"], takesAnyName: true
  ) { call in
    let algorithm = call["--algorithm"] ?? "sha256"
    var rows: [JSONValue] = []
    var outcome = Command.Outcome.done
    for path in call.operands {
      do {
        let file = try InputFile.open(path)
        defer { close(file) }
        let sums = try FileHashes.compute(
          algorithm == "all" ? FileHashes.names : [algorithm], ofFile: file, named: path)
        rows.append(.object([("file", .string(path))] + sums.map { ($0.name, .string($0.sum)) }))
        guard call["--json"] == nil else { continue }
        let name = HiddenText.escaping(path)
        for sum in sums {
          call.console.out(sums.count == 1 ? "\(sum.sum)  \(name)" : "\(sum.name)  \(sum.sum)  \(name)")
        }
      } catch {
        call.console.error("wonder hash: \(error)")
        outcome = .failed
      }
    }
    if call["--json"] != nil { call.console.out(JSONValue.array(rows).text) }
    return outcome
  }
}
