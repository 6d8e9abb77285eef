/// Where work waits by what its heaviest step needs: each lane has threads of its own, so that a document that hangs delays
/// no picture.
package enum Lane: Int, CaseIterable, Sendable {
  /// What is built in.
  case quick = 0
  /// Programs for documents.
  case office = 1
  /// Programs for film and sound, which take minutes.
  case media = 2
  /// The browser, which waits for other people's servers.
  case page = 3
}
