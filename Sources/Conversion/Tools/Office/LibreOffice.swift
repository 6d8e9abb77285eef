import Basics
import Formats

/// Makes PDF of office documents, and one office document of another, by LibreOffice.
struct LibreOffice: ResidentTool {
  let application: OfficeApplication
  let lane = Lane.office

  init(_ application: OfficeApplication) {
    self.application = application
  }

  var name: String { application.title }
  /// What the script `soffice` calls in the end; the script itself comes back to its folder by a path that it may not be
  /// able to go.
  var program: Program {
    Program("oosplash", package: application.library.package, path: "\(OfficeApplication.folder)/oosplash")
  }
  var companions: [Program] { [application.library] }

  static let all: [any Maker] = [OfficeApplication.writer, .calc, .impress].map { LibreOffice($0) }

  /// It takes as long as four calls of other programs.
  private static let cost = 40
  private static let memoryBytes: Int64 = 1536 << 20
  private static let scratchBytes: Int64 = 64 << 20
  private static let processes = 64

  var offers: [Offer] {
    application.writes.flatMap { target, _ in
      application.reads.filter { $0.format != target }.map { source, _ in
        Offer(from: [source], to: [target], options: options(from: source, to: target), cost: LibreOffice.cost)
      }
    }
  }

  private func options(from source: Format, to target: Format) -> [ConversionOption] {
    let texts: [Format] = [.txt, .csv, .tsv]
    var options: [ConversionOption] = texts.contains(source) || source == .html ? [] : [.officePassword]
    if texts.contains(source) || texts.contains(target) { options.append(.encoding) }
    if source == .csv || target == .csv { options.append(.delimiter) }
    if source == .csv || source == .tsv { options.append(.asText) }
    if (target == .csv || target == .tsv) && !texts.contains(source) { options.append(.sheet) }
    if target == .pdf {
      options += [.officePDFA, .tagged, .imageQuality, .imageDPI, .comments] + application.printing
    }
    return options
  }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    guard ends.isEmpty else { return nil }
    if let sheet = task.options.word(.sheet), OfficeSheet(sheet) == nil {
      throw ConversionFailure(
        .unsupportedConversion, "LibreOffice takes a sheet by its number from 1 to 9999, or all, and not by its name")
    }
    var call = LibreOffice.start("Once")
    call.files[LibreOffice.order] = order(task)
    return call
  }

  /// One for all parts of LibreOffice.
  var residence: Residence {
    Residence(
      name: program.name, program: program, call: LibreOffice.start("Serve"), order: LibreOffice.order,
      report: LibreOffice.report)
  }

  func order(_ task: ToolTask) -> [UInt8] { OfficeOrder(task, by: application).bytes }

  private static let order = "order"
  private static let report = "report"

  private static let environment = [
    "SAL_USE_VCLPLUGIN": "svp", "HOME": "/proc/self/cwd", "TMPDIR": "/proc/self/cwd",
    // What decrypts documents keeps keys of its own, in a kind of file that it opens by the name that it was given.
    "MOZILLA_CERTIFICATE_FOLDER": "dbm:/proc/self/cwd",
  ]

  /// LibreOffice with a profile of its own, for a procedure of the macro.
  private static func start(_ procedure: String) -> ToolCall {
    // LibreOffice makes the name of its socket in /tmp of this path; with the same name two of them would be one.
    let profile = "profile-\(Hexadecimal.encode(Entropy.system.bytes(8)))"
    let files = OfficeProfile.files.map { ("\(profile)/\($0.key)", $0.value) }
    return ToolCall(
      arguments: [
        "-env:UserInstallation=\(OfficeMacro.folder)/\(profile)", "--headless", "--norestore", "--nolockcheck",
        "--nodefault", "--nologo", "macro:///\(OfficeMacro.library).\(OfficeMacro.module).\(procedure)",
      ],
      environment: environment,
      readable: ["/etc/libreoffice", "/var/spool/libreoffice"], needs: [.folders, .fonts, .random, .localSockets],
      files: Dictionary(uniqueKeysWithValues: files), memoryBytes: memoryBytes, processes: processes,
      scratchBytes: scratchBytes, sockets: "OSL_PIPE_")
  }

  /// By the report and the files: LibreOffice ends with 0 whatever has become of it.
  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    let text = task.folder.bytes(of: LibreOffice.report, atMost: 1000).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.first == "done" else { throw failure(words, task) }
    let target = OfficeOrder.target(task.conversion.to)
    let names = try task.folder.names()
    let ending = ".\(task.conversion.to.fileExtension)"
    // A sheet has its name in that of its file; an empty one has nothing to show.
    let sheets = names.filter { $0 == target || $0.hasPrefix("out-") && $0.hasSuffix(ending) }
      .filter { task.folder.bytes(of: $0, atMost: 1) != [] }
    guard !sheets.isEmpty else { throw .nothingMade }
    guard task.options.word(.sheet) == "all" else { return sheets.map { ToolResult($0) } }
    return sheets.map { ToolResult($0, label: String($0.dropFirst("out-".count).dropLast(ending.count))) }
  }

  private func failure(_ words: [Substring], _ task: ToolTask) -> ConversionFailure {
    switch (words.first, words.dropFirst().first) {
    case ("load", "password"): .locked
    case ("load", _): ConversionFailure(.damagedFile, "the document is damaged, or not one that LibreOffice reads")
    case ("store", _) where task.options.word(.sheet) != nil:
      ConversionFailure(.unsupportedConversion, "the workbook does not have the sheet that was asked for")
    case ("store", _):
      ConversionFailure(
        .unsupportedConversion, "LibreOffice does not make \(task.conversion.to.title) of this document")
    default: ConversionFailure(.converterDied, "LibreOffice ended before it had made anything")
    }
  }
}
