import Formats

extension PageSteps {
  /// Those that are built in.
  package static var standard: PageSteps {
    let links = try? ConversionOptions([LinkConverter.links.name: "true"])
    return PageSteps(
      unpacking: Catalogue.standard.steps(of: Conversion(from: .zip, to: .files))?.first,
      linking: links.flatMap { Catalogue.standard.steps(of: Conversion(from: .html, to: .json, options: $0))?.first })
  }
}
