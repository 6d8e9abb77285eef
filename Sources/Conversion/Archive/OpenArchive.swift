import Archives
import Basics
import Formats

/// An archive of any kind, whose entries come one after the other.
struct OpenArchive {
  /// An entry, whatever kind of archive it is in.
  struct Member {
    /// As it stands in the archive; nil where that has none for its only file.
    let name: String?
    let kind: ArchiveEntryKind
    /// Nil while it is not known beforehand.
    let size: Int?
    let modified: Timestamp?
    /// That of ZIP has more to tell.
    let zip: ZIPReader.Entry?
  }

  static let formats: [Format] = [.zip, .tar, .tgz, .gz]

  let format: Format
  private let file: Int32
  private let limits: ArchiveLimits

  /// Opens the archive that a conversion is of, and tells what goes wrong with it as its client is told.
  static func read<Made>(
    _ conversion: Conversion, _ file: Int32, _ make: (OpenArchive) throws -> Made
  ) throws(ConversionFailure) -> Made {
    guard let format = conversion.from, formats.contains(format) else {
      throw ConversionFailure(.unsupportedConversion, "the file is no archive")
    }
    do { return try make(OpenArchive(format, file)) } catch { throw failure(error, format.title) }
  }

  private init(_ format: Format, _ file: Int32) {
    self.format = format
    self.file = file
    var limits = ArchiveLimits()
    // What is written is bounded by what an output may have, and what is only read by the time that it takes.
    limits.totalBytes = .max
    self.limits = limits
  }

  /// Gives each entry with a way to its content, which is there until the next one is given.
  func forEach(_ take: (Member, @escaping () throws -> any ByteSource) throws -> Void) throws {
    switch format {
    case .zip:
      let archive = try ZIPReader(descriptor: file, limits: limits)
      for entry in archive.entries {
        let member = Member(
          name: entry.name, kind: entry.kind, size: entry.size, modified: entry.modified, zip: entry)
        try take(member) { try archive.content(of: entry) }
      }
    case .gz:
      let content = try GZIPSource(FileSource(file), limits: limits)
      try take(Member(name: content.name, kind: .file, size: nil, modified: nil, zip: nil)) { content }
    default:
      let source: any ByteSource =
        format == .tgz ? try GZIPSource(FileSource(file), limits: limits) : FileSource(file)
      let tar = TARReader(source, limits: limits)
      while let entry = try tar.next() {
        let member = Member(name: entry.name, kind: entry.kind, size: entry.size, modified: entry.modified, zip: nil)
        try take(member) { tar.content }
      }
      // What fills the rest has to be right, too: the sum stands behind it.
      if format == .tgz { try source.forEachPiece { _ in } }
    }
  }

  /// Gives each file, under a name that is safe and its own, and each folder; tells what was left out.
  func forEachFile(
    _ take: (_ name: String?, Member, @escaping () throws -> any ByteSource) throws -> Void
  ) throws -> Set<ConversionWarning> {
    var names = EntryNames()
    var warnings: Set<ConversionWarning> = []
    try forEach { member, content in
      switch member.kind {
      case .link, .special: warnings.insert(.entriesLeftOut)
      case .file, .folder:
        // A name that only gzip has is one of no folder.
        let own = format == .gz ? member.name.map { String($0.split(separator: "/").last ?? "") } : member.name
        let name = try own.map { try names.take($0, isFolder: member.kind == .folder) }
        if member.kind == .file || name?.isEmpty == false { try take(name, member, content) }
      }
    }
    return warnings
  }

  /// What a conversion from or into an archive fails with.
  static func failure(_ error: any Error, _ title: String) -> ConversionFailure {
    guard let fault = error as? ArchiveFault else { return ConversionFailure(of: error) }
    switch fault.kind {
    case .malformed: return ConversionFailure(.damagedFile, "the file is no valid \(title): \(fault.sentence)")
    case .tooLarge:
      return ConversionFailure(.unsupportedConversion, "the archive is too large: \(fault.sentence)")
    case .unsupported:
      return ConversionFailure(.unsupportedConversion, "the archive cannot be read here: \(fault.sentence)")
    case .encrypted: return ConversionFailure(.passwordRequired, fault.sentence)
    }
  }
}
