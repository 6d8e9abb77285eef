import CImage

/// What a picture file carries besides its pixels.
struct PictureAttachments {
  var profile: ColourProfile?
  var exif: EXIF?
  /// Pixels per inch.
  var dpi: Int?

  static let none = PictureAttachments()

  /// Hands the codecs the bytes for the time of a call.
  func withNative<Result>(_ body: (cimage_attachments) -> Result) -> Result {
    let (profile, exif) = (profile?.bytes ?? [], exif?.bytes ?? [])
    return profile.withUnsafeBufferPointer { profile in
      exif.withUnsafeBufferPointer { exif in
        body(
          cimage_attachments(
            profile: profile.isEmpty ? nil : profile.baseAddress, profile_count: profile.count,
            exif: exif.isEmpty ? nil : exif.baseAddress, exif_count: exif.count, dpi: UInt32(dpi ?? 0)))
      }
    }
  }
}
