/// The formats of structured data, by their names in conversions.
package enum DataFormat: String, Sendable, CaseIterable {
  case json, ndjson, csv, tsv, xml, yaml, toml
}
