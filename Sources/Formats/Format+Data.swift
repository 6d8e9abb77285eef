/// Data that programs exchange, and archives.
extension Format {
  package static let csv = data("csv", [], "text/csv", "CSV")
  package static let tsv = data("tsv", [], "text/tab-separated-values", "TSV")
  package static let xml = data("xml", [], "application/xml", "XML")
  package static let yaml = data("yaml", ["yml"], "application/yaml", "YAML")
  package static let toml = data("toml", [], "application/toml", "TOML")
  package static let ndjson = data("ndjson", ["jsonl"], "application/x-ndjson", "JSON lines")
  package static let tar = archive("tar", [], "application/x-tar", "TAR")
  package static let gz = archive("gz", ["gzip"], "application/gzip", "gzip")
  package static let tgz = archive("tgz", [], "application/gzip", "TAR with gzip")

  /// What is in a file: each of the files that an archive holds or a message brings.
  package static let files = Format(
    name: "files", aliases: [], mediaType: "application/octet-stream", fileExtension: "bin", category: .archive,
    title: "the files in it")

  /// What any files are packed into, under names that they are given.
  package static let packs = [zip, tar, tgz]

  static let texts = [csv, tsv, xml, yaml, toml, ndjson, tar, gz, tgz, files]

  private static func archive(_ name: String, _ aliases: [String], _ mediaType: String, _ title: String) -> Format {
    Format(name: name, aliases: aliases, mediaType: mediaType, fileExtension: name, category: .archive, title: title)
  }
}
