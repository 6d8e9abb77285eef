package import Formats

/// What makes pictures, and what is made of them: one row each.
package enum PictureMakers {
  package static let all: [any Maker] = [PageConverter(), ComparisonConverter(), ImageConverter(), MetadataConverter()]
}
