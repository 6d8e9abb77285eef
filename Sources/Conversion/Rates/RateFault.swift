/// Why a file of exchange rates cannot be read, with its place.
package struct RateFault: Error, Equatable, CustomStringConvertible {
  /// A half sentence that begins with the place, where there is one.
  package let description: String

  init(_ problem: String, line: Int? = nil, column: Int? = nil) {
    let place = [line.map { "line \($0)" }, column.map { "column \($0)" }].compactMap { $0 }.joined(separator: ", ")
    description = place.isEmpty ? problem : "\(place): \(problem)"
  }
}
