/// Pictures that programs of others read and write.
extension Format {
  package static let webp = picture("webp", [], "image/webp", "WebP")
  package static let gif = picture("gif", [], "image/gif", "GIF")
  package static let tiff = picture("tiff", ["tif"], "image/tiff", "TIFF")
  package static let heic = picture("heic", ["heif"], "image/heic", "HEIC")
  package static let avif = picture("avif", [], "image/avif", "AVIF")
  package static let jxl = picture("jxl", [], "image/jxl", "JPEG XL")
  package static let eps = picture("eps", [], "image/x-eps", "EPS")
  package static let ps = document("ps", [], "application/postscript", "PostScript")

  static let pictures = [webp, gif, tiff, heic, avif, jxl, eps, ps]
}
