/// A family of letters that every viewer of PDF has.
package enum Typeface: String, Sendable, CaseIterable {
  case sans
  case serif
  case mono
}
