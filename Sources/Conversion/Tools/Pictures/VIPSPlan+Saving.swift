import Formats
import Pictures

/// How the formats are written.
extension VIPSPlan {
  /// What stands between two calls of vips: quick rather than small.
  var middleSaving: String {
    guard task.conversion.to == .png, let level = task.options.whole(.compression) else {
      return "compression=1,filter=sub"
    }
    return "compression=\(level),filter=all"
  }

  /// The options of a file's name that vips writes it by.
  func saving(strip: Bool) -> String {
    let options = task.options
    let quality = options.whole(.quality) ?? 85
    let effort = options.whole(.effort)
    var words: [String]
    switch task.conversion.to {
    case .jpeg:
      let colour = options.colour(.background) ?? .white
      words = ["Q=\(quality)", "optimize-coding", "background=\(colour.red) \(colour.green) \(colour.blue)"]
      if options.flag(.progressive) { words.append("interlace") }
    case .webp:
      words = ["Q=\(quality)", "effort=\(effort.map { $0 * 6 / 9 } ?? 4)"]
      if options.flag(.lossless) { words.append("lossless") }
    case .heic:
      words = ["Q=\(VIPSPlan.level(quality, VIPSPlan.heicLevels))"]
      if options.flag(.lossless) { words = ["lossless"] }
    case .avif:
      words = ["Q=\(VIPSPlan.level(quality, VIPSPlan.avifLevels))", "effort=\(effort ?? 2)"]
      if options.flag(.lossless) { words = ["lossless", "effort=\(effort ?? 2)"] }
    case .gif: words = ["effort=\(effort.map { $0 + 1 } ?? 1)"]
    case .tiff:
      let packing = options.word(.tiffCompression) ?? "lzw"
      words = ["compression=\(packing)"]
      if packing == "jpeg" { words.append("Q=\(quality)") }
      if packing == "lzw" || packing == "deflate" { words.append("predictor=horizontal") }
    default: words = [middleSaving]
    }
    return (words + (strip ? ["strip"] : [])).joined(separator: ",")
  }

  var jxlOptions: [String] {
    let effort = ["--effort", "\(max(3, task.options.whole(.effort) ?? 3))"]
    return (task.options.flag(.lossless) ? ["--lossless"] : ["--Q", "\(task.options.whole(.quality) ?? 85)"]) + effort
  }

  /// What a coder calls the quality of a JPEG that looks as good, by the structural similarity of photographs.
  private static let avifLevels = [(1, 20), (30, 40), (50, 46), (70, 53), (85, 61), (95, 82), (100, 100)]
  private static let heicLevels = [(1, 15), (30, 30), (50, 35), (70, 40), (85, 48), (95, 60), (100, 90)]

  private static func level(_ quality: Int, _ levels: [(quality: Int, level: Int)]) -> Int {
    guard let above = levels.firstIndex(where: { $0.quality >= quality }), above > 0 else { return levels[0].level }
    let (low, high) = (levels[above - 1], levels[above])
    return low.level + (high.level - low.level) * (quality - low.quality) / (high.quality - low.quality)
  }
}
