/// A value without parts, as the formats tell them apart.
package enum DataScalar: Sendable, Equatable {
  case null
  case bool(Bool)
  /// A number in the spelling of JSON, kept as it was written: 12345678901234567890 and 1.10 stay what they are.
  case number(String)
  /// What floats can be and JSON cannot say.
  case infinity(negative: Bool)
  case notANumber
  case string(String)
  /// A date, a time or both, in ISO 8601, where the format marks it as one (TOML).
  case moment(String)
}
