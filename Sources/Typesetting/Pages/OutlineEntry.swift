/// A heading as the table of contents beside the pages has it.
struct OutlineEntry {
  let title: String
  /// 1 to 6.
  let level: Int
  /// The object of its page, and how far above the lower edge it stands.
  let page: Int
  let y: Double
}
