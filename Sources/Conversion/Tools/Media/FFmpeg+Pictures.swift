import Basics
import Formats
import Pictures

/// Pictures of films: one, many in one, or a GIF of all.
extension FFmpeg {
  /// Films of this length tell enough by the pictures that need no other.
  private static let longFilm = 120.0
  private static let widthInStoryboard = 320
  private static let widthOfGIF = 480
  private static let picturesInGIF = 10

  /// Where the one picture is that is asked for; nil where it is not one.
  static func moment(_ plan: MediaPlan) -> Double? {
    guard MediaKind.stills.contains(plan.target), !plan.options.flag(storyboard) else { return nil }
    return plan.options.decimal(time) ?? plan.facts.seconds.map { min($0 / 10, longFilm) } ?? 0
  }

  static func skipsFrames(_ plan: MediaPlan) -> Bool {
    plan.options.flag(storyboard) && plan.length.map { $0 > longFilm } ?? false
  }

  static func still(_ plan: MediaPlan) throws(ConversionFailure) -> [String] {
    var filters: [String] = []
    if plan.options.flag(storyboard) {
      guard let length = plan.length else {
        throw ConversionFailure(.unsupportedConversion, "the film does not tell how long it is")
      }
      let (across, down) = (plan.options.whole(columns) ?? 4, plan.options.whole(rows) ?? 4)
      filters.append("fps=\(across * down * 1000)/\(max(1, Int(min(1e12, length * 1000))))")
      filters.append(hasSize(plan) ? size(plan) : "scale=\(widthInStoryboard):-2")
      filters.append("tile=\(across)x\(down):padding=4:color=white")
    } else if hasSize(plan) {
      filters.append(size(plan))
    }
    if plan.options.flag(.grayscale) { filters.append("hue=s=0") }
    var words = ["-map", "0:V:0", "-frames:v", "1", "-an", "-sn", "-dn"]
    if !filters.isEmpty { words += ["-vf", filters.joined(separator: ",")] }
    if plan.target == .jpeg {
      // Its scale goes from 2 to 31; what it has at 5 is about what others call 85.
      words += [
        "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "\(2 + (100 - (plan.options.whole(.quality) ?? 85)) / 5)",
      ]
    } else if plan.target == .webp {
      words += ["-c:v", "libwebp", "-quality", "\(plan.options.whole(.quality) ?? 85)"]
    } else {
      words += ["-c:v", "png", "-pix_fmt", "rgb24"]
    }
    return words + ["-f", "image2", "-update", "1", "out.\(plan.target.fileExtension)"]
  }

  /// The palette of all pictures first, so that they need not be held until it is known.
  static func gif(_ plan: MediaPlan, pass: Int) -> [String] {
    let width = plan.facts.film?.width ?? 0
    let scale = hasSize(plan) ? size(plan) : width > widthOfGIF ? "scale=\(widthOfGIF):-1" : "null"
    let common = "fps=\(plan.options.whole(fps) ?? picturesInGIF),\(scale):flags=lanczos".replacing(
      "null:flags=lanczos", with: "null")
    guard pass > 1 else {
      return ["-map", "0:V:0", "-an", "-vf", "\(common),palettegen=stats_mode=diff", "-update", "1", palette]
    }
    return [
      "-protocol_whitelist", "file,pipe", "-f", "image2", "-i", palette, "-an", "-filter_complex",
      "[0:V:0]\(common)[film];[film][1:v]paletteuse=dither=bayer:bayer_scale=4", "-loop", "0", "-f", "gif", "out.gif",
    ]
  }

  private static func hasSize(_ plan: MediaPlan) -> Bool {
    plan.options.whole(.width) != nil || plan.options.whole(.height) != nil
  }

  private static func size(_ plan: MediaPlan) -> String {
    let (width, height) = (plan.options.whole(.width), plan.options.whole(.height))
    if let width, let height {
      let sides = "scale=w=\(width):h=\(height)"
      switch plan.options.word(.fit) {
      case "cover": return "\(sides):force_original_aspect_ratio=increase,crop=\(width):\(height)"
      case "contain":
        return "\(sides):force_original_aspect_ratio=decrease,pad=\(width):\(height):-1:-1:color=white"
      case "outside": return "\(sides):force_original_aspect_ratio=increase"
      case "fill": return sides
      default: break
      }
    }
    return "scale=w=\(width ?? MediaPlan.longestSide):h=\(height ?? MediaPlan.longestSide)"
      + ":force_original_aspect_ratio=decrease"
  }
}
