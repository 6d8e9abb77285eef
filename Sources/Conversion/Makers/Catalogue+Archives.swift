package import Formats

extension Catalogue {
  /// How an archive is taken apart for what goes on with the files in it.
  package static var unpacking: Step? { standard.steps(of: Conversion(from: .zip, to: .files))?.first }
}
