import Basics
import Glibc
import Storage
import Synchronization

/// Measures the store without a server: durable submissions, and what each query costs in a table of many jobs.
///
/// usage: storebench submit DIR CLIENTS SECONDS grouped|single
///        storebench fill DIR JOBS
///        storebench growth DIR
@main
struct StoreBenchmark {
  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    switch words.first {
    case "submit" where words.count == 5:
      let clients = Int(words[2]) ?? 1
      let seconds = Int64(words[3]) ?? 1
      let submissions = try Submissions(directory: words[1])
      try await submissions.run(clients: clients, seconds: seconds, isGrouped: words[4] == "grouped").print(words[4])
    case "fill" where words.count == 3: try Filling.run(words[1], jobs: Int(words[2]) ?? 0)
    case "growth" where words.count == 2: try await Growth.run(words[1])
    default: Glibc.exit(2)
    }
  }
}

/// Durations in nanoseconds, and what they come to.
struct Figures: Sendable {
  var times: [Int64]
  let seconds: Double

  func print(_ name: String) {
    let sorted = times.sorted()
    func percentile(_ part: Double) -> Double {
      sorted.isEmpty ? 0 : Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]) / 1e6
    }
    Swift.print(
      "\(name): \(Int(Double(times.count) / seconds)) a second, median \(percentile(0.5)) ms, p99 \(percentile(0.99)) ms"
    )
  }
}
