/// The sizes that have names, as options of pictures.
///
/// What the vendor means by a name is nowhere said; these are the usual ones of the places that they name
/// (docs/dialects/convertly.md).
enum ConvertlySize {
  private typealias Row = (name: String, width: Int?, height: Int?, fit: String, enlarges: Bool)

  /// `resize` of a conversion.
  private static let resizes: [Row] = [
    ("website", 1920, nil, "inside", false), ("email", 1200, nil, "inside", false),
    ("instagram", 1080, 1080, "cover", true), ("linkedin", 1200, 627, "cover", true),
    ("ecommerce", 2048, 2048, "inside", false),
  ]
  /// `preset` of a transformation.
  private static let presets: [Row] = [
    ("ecommerce", 1200, 1200, "contain", true), ("avatar", 256, 256, "cover", true),
    ("blog-hero", 1600, 900, "cover", true), ("social-preview", 1200, 630, "cover", true),
  ]

  static let resizeNames = ["original"] + resizes.map(\.name) + ["square", "width", "height"]
  static let presetNames = presets.map(\.name)

  /// Nil when a width or a height is missing that a name needs.
  static func resize(_ name: String?, _ width: Int?, _ height: Int?) -> [String: String]? {
    switch name {
    case "original": return [:]
    case "width": return width.map { ["width": "\($0)"] }
    case "height": return height.map { ["height": "\($0)"] }
    case "square":
      let side = width ?? height ?? 1080
      return ["width": "\(side)", "height": "\(side)", "fit": "cover"]
    case let name?: return options(resizes, name)
    case nil:
      var options: [String: String] = [:]
      options["width"] = width.map(String.init)
      options["height"] = height.map(String.init)
      return options
    }
  }

  static func preset(_ name: String) -> [String: String] { options(presets, name) ?? [:] }

  private static func options(_ rows: [Row], _ name: String) -> [String: String]? {
    guard let row = rows.first(where: { $0.name == name }) else { return nil }
    var options = ["fit": row.fit]
    options["width"] = row.width.map(String.init)
    options["height"] = row.height.map(String.init)
    if !row.enlarges { options["never_enlarge"] = "true" }
    return options
  }
}
