import CImage
import Formats

/// What a picture file carries besides its pixels.
struct PictureAttachments {
  var profile: ColourProfile?
  var exif: EXIF?
  var resolution: Resolution?
  /// As segments of a JPEG or chunks of a PNG.
  var notes: [UInt8] = []

  static let none = PictureAttachments()

  /// Hands the codecs the bytes for the time of a call.
  func withNative<Result>(_ body: (cimage_attachments) -> Result) -> Result {
    let (profile, exif) = (profile?.bytes ?? [], exif?.bytes ?? [])
    return profile.withUnsafeBufferPointer { profile in
      exif.withUnsafeBufferPointer { exif in
        notes.withUnsafeBufferPointer { notes in
          body(
            cimage_attachments(
              profile: profile.isEmpty ? nil : profile.baseAddress, profile_count: profile.count,
              exif: exif.isEmpty ? nil : exif.baseAddress, exif_count: exif.count,
              dpi: native(resolution?.perInch), per_metre: native(resolution?.perMetre),
              notes: notes.isEmpty ? nil : notes.baseAddress, notes_count: notes.count))
        }
      }
    }
  }

  private func native(_ numbers: (across: Int, down: Int)?) -> (UInt32, UInt32) {
    (UInt32(numbers?.across ?? 0), UInt32(numbers?.down ?? 0))
  }
}
