import Basics
import Conversion
import Formats
import Glibc
import Storage

/// Makes the outputs of one attempt at a job, task by task and step by step: one for each file, one of all together, or
/// an archive of them.
///
/// One thread uses it at a time.
final class JobWork {
  /// A file in the spool, and what its row will say.
  struct Made {
    let path: String
    var output: NewOutput
  }

  let store: Store
  let bench: any Bench
  let catalogue: Catalogue
  let workplace: Workplace
  let job: Job
  let inputs: [Input]
  let tasks: [JobTask]
  let secrets: [JobSecret]
  /// True when two threads may work on it.
  let isWide: Bool
  /// The longest time for one conversion.
  let timeLimit: Duration
  /// The longest time at work for the whole attempt.
  private let jobTime: Duration
  /// When the attempt must be over, on the monotonic clock.
  var deadline: Int64
  let clock: Clock
  let progress: (Int) -> Void
  /// Hears of files that are done, and how many are by then; nil when nobody wants to know.
  private let hearDone: (([Input], Int) -> Void)?
  let isCanceled: () -> Bool
  /// True while its workspace has another worker, too.
  let isExtra: () -> Bool
  /// What has been made.
  private(set) var made: [Made] = []
  /// Why what the job does without could not be made.
  private(set) var failure: ConversionFailure?
  /// The position of the task at work.
  private(set) var number = 0
  /// The conversion of files one by one, while some of the task's are left.
  private var each: (conversion: Conversion, names: [String])?
  /// How many of the task's sources are done.
  private var done = 0
  /// How many files are that no task is left for.
  private var finished = 0
  /// Files that were opened for outputs so far.
  private(set) var opened = 0
  /// True when some source has become several outputs, whose names may then meet.
  private var hasSeveral = false

  init(
    store: Store, bench: any Bench, catalogue: Catalogue, workplace: Workplace, job: Job, inputs: [Input],
    tasks: [JobTask], secrets: [JobSecret], isWide: Bool, timeLimit: Duration, jobTime: Duration, clock: Clock,
    progress: @escaping (Int) -> Void, hearDone: (([Input], Int) -> Void)?, isCanceled: @escaping () -> Bool,
    isExtra: @escaping () -> Bool
  ) {
    self.store = store
    self.bench = bench
    self.catalogue = catalogue
    self.workplace = workplace
    self.job = job
    self.inputs = inputs
    self.tasks = tasks
    self.secrets = secrets
    self.isWide = isWide
    self.timeLimit = timeLimit
    self.jobTime = jobTime
    self.clock = clock
    self.progress = progress
    self.hearDone = hearDone
    self.isCanceled = isCanceled
    self.isExtra = isExtra
    deadline = clock.monotonic() + jobTime.nanoseconds
  }

  /// Counts the time that the attempt may take from now on, with so much more than the whole of it.
  func mayRun(for more: Duration) { deadline = clock.monotonic() + jobTime.nanoseconds + more.nanoseconds }

  var task: JobTask { tasks[number] }
  private var sources: [Input] {
    goesOn ? links.map(\.input) : inputs.filter { task.isOver($0) && $0.status != .failed }
  }
  /// What the task before has made, where each goes on with that, and where it is.
  private var links: [(input: Input, path: String)] = []
  /// True when the task at work goes on with what the one before has made.
  var goesOn: Bool { number > 0 && job.extras.contains(.chain) }

  /// Tells how far the job is when its task at work is so far.
  private func tell(_ percent: Int) { progress((number * 100 + percent) / tasks.count) }

  /// Makes the next output; true when it was the last one.
  ///
  /// Throws `ConversionFailure`, or `SystemFailure` when the disk is in trouble.
  func step() throws -> Bool {
    if number > 0 || each != nil { try checkTime() }
    if each == nil {
      try forgiving(begin)
      if each == nil { tellDone(sources) }
    }
    if let (conversion, names) = each {
      let sources = sources
      let index = done
      var files: [Made] = []
      try forgiving {
        files = try makeEach(conversion, sources[index], name: names[index]) { [self] in
          tell((index * 100 + $0) / sources.count)
        }
        if job.extras.contains(.namesPages) { JobWork.namePages(&files) }
        if files.count > 1, job.extras.contains(.packsParts) { files = [try pack(files, of: sources[index])] }
      }
      done += 1
      tellDone([sources[index]])
      made += files
      hasSeveral = hasSeveral || files.count > 1
      guard !hasSeveral || made.count <= Intake.mostFiles else {
        throw ConversionFailure(.outputTooLarge, "the job makes more than the \(Intake.mostFiles) files that it may")
      }
      if done < sources.count { return false }
      (each, done) = (nil, 0)
    }
    guard number + 1 == tasks.count else {
      if job.extras.contains(.chain) { try goOn() }
      number += 1
      return false
    }
    if made.isEmpty, let failure { throw failure }
    dropLinks()
    if tasks.count > 1 || hasSeveral { numberNames() }
    if job.packsOutputs, tasks.count > 1 || Format.named(task.targetFormat) != .zip { try packOutputs() }
    return true
  }

  /// Tells of those of the task's sources that no later task is over.
  private func tellDone(_ sources: [Input]) {
    guard let hearDone, !job.extras.contains(.chain) || number + 1 == tasks.count else { return }
    let last =
      goesOn
      ? inputs.filter { input in input.role == .source && sources.contains { [0, input.id].contains($0.id) } }
      : sources.filter { source in !tasks[(number + 1)...].contains { $0.isOver(source) } }
    finished += last.count
    if !last.isEmpty { hearDone(last, finished) }
  }

  /// Makes what the task has made the sources of the next one.
  private func goOn() throws {
    if made.isEmpty, let failure { throw failure }
    let names = FileNames.numbered(made.map(\.output.fileName))
    dropLinks()
    links = made.indices.map { index in
      let output = made[index].output
      return (.made(names[index], of: output.inputID ?? 0, at: index, size: output.size), made[index].path)
    }
    made = []
  }

  /// Nothing else is made of what a step has taken up.
  private func dropLinks() {
    for link in links { workplace.drop(link.path, bytes: link.input.size ?? 0) }
    links = []
  }

  /// Does a part of the job; a job that forgives it does without what cannot be made of its files.
  private func forgiving(_ part: () throws -> Void) throws {
    do {
      try part()
    } catch let problem as ConversionFailure where job.extras.contains(.forgivesTasks) && problem.code.isOfFiles {
      failure = failure ?? problem
    }
  }

  /// Several outputs of one file as one.
  private func pack(_ files: [Made], of source: Input) throws -> Made {
    let bytes = files.reduce(0) { $0 + $1.output.size }
    let warnings = ConversionWarning.list(files.compactMap(\.output.warnings).joined(separator: " "))
    return try pack(
      files.map { file in (file.output.fileName, { try JobWork.open(path: file.path) }) }, bytes: bytes,
      replacing: bytes, warnings, of: source)
  }

  private static func namePages(_ files: inout [Made]) {
    for (index, file) in files.enumerated() {
      let name = FileNames.longEnding(file.output.fileName)
      files[index].output.fileName = files.count == 1 ? name : "page_\(index + 1)\(FileNames.split(name).ending)"
    }
  }

  /// Two tasks, or several outputs of two sources, may have one name.
  private func numberNames() {
    for (index, name) in FileNames.numbered(made.map(\.output.fileName)).enumerated() {
      made[index].output.fileName = name
    }
  }

  /// The files as they are.
  private func copyAll(_ sources: [Input]) throws {
    let names = FileNames.numbered(sources.map(\.fileName))
    for (number, source) in sources.enumerated() {
      made.append(try copy(source, named: names[number]))
      tell((number + 1) * 100 / sources.count)
    }
  }

  /// Makes what is one output, or finds out which files become one each.
  private func begin() throws {
    guard !sources.isEmpty else { throw ConversionFailure(.internalError, "the job has no files") }
    if job.extras.contains(.copiesFiles) { return try copyAll(sources) }
    guard let to = Format.named(task.targetFormat), job.sourceFormat == Wish.anyFormat || format != nil else {
      throw ConversionFailure(.unsupportedConversion, "this conversion is no longer available")
    }
    // An archive alone is packed anew, among others as it is.
    let isRepacked = sources.count == 1 && catalogue.repacks(format, to: to)
    if to == .zip, !isRepacked {
      let bytes = sources.reduce(0) { $0 + ($1.size ?? 0) }
      // What a batch's archive holds is kept nowhere else then.
      let isBatch = try store.read { try Batches.packed(by: job.id, in: $0) != nil }
      made.append(
        try pack(
          sources.map { input in (input.fileName, { [self] in try open(input) }) }, bytes: bytes,
          replacing: isBatch ? bytes : 0))
      return
    }
    let options = try task.options(from: format, among: catalogue, secrets)
    var conversion = Conversion(from: format, to: to, options: options)
    if Format.packs.contains(to) {
      if !isRepacked { conversion.from = nil }
      conversion.names = FileNames.numbered(sources.map(\.fileName))
    }
    if catalogue.gathers(conversion) {
      made.append(try makeTogether(conversion, sources, tell))
    } else {
      let names = sources.map { FileNames.output(for: $0.fileName, as: to) }
      each = (conversion, FileNames.numbered(names))
    }
  }

  /// Puts the outputs into one archive, which takes their place.
  private func packOutputs() throws {
    let bytes = workplace.room.bytes
    // The archive stands for what is in it.
    let warnings = ConversionWarning.list(made.compactMap(\.output.warnings).joined(separator: " "))
    made = [
      try pack(
        made.map { file in (file.output.fileName, { try JobWork.open(path: file.path) }) }, bytes: bytes,
        replacing: bytes, warnings)
    ]
  }

  /// True when strangers have sent it.
  var isOffline: Bool { secrets.contains(.offline) }

  /// What the sources are, as far as that is one thing.
  var format: Format? { Format.named(goesOn ? tasks[number - 1].targetFormat : job.sourceFormat) }

  func makeOutput() throws -> (path: String, descriptor: Int32) {
    defer { opened += 1 }
    return try workplace.makeOutput(opened)
  }

  /// While an output waits for room, and while this process packs or copies files.
  func checkTime() throws(ConversionFailure) {
    if isCanceled() { throw ConversionFailure.canceled }
    guard clock.monotonic() < deadline else {
      throw ConversionFailure(.timeLimit, "the job took longer than it may")
    }
  }

  /// Packs files of so many bytes into a ZIP archive, after which `replaced` bytes go.
  private func pack(
    _ entries: [(name: String, open: () throws -> Int32)], bytes: Int64, replacing replaced: Int64,
    _ warnings: [ConversionWarning] = [], of source: Input? = nil
  ) throws -> Made {
    let (path, target) = try makeOutput()
    defer { close(target) }
    let names = FileNames.numbered(entries.map(\.name))
    // Every name stands there twice, in headers of less than 200 bytes; deflate adds less than a thousandth.
    let headers = names.reduce(1024) { $0 + 256 + 2 * Int64($1.utf8.count) }
    let size = try workplace.room.pack(
      target, most: bytes + bytes / 512 + headers, replacing: replaced + (replaced > 0 ? headers + bytes / 512 : 0),
      isOver: checkTime
    ) { try write(entries, names, into: target, $0) }
    let whole = source.map { FileNames.output(for: $0.fileName, fileExtension: "zip") }
    let name =
      whole ?? (entries.count == 1 ? FileNames.output(for: entries[0].name, fileExtension: "zip") : "archive.zip")
    var output = NewOutput(
      inputID: source?.id, fileName: name, mediaType: Format.zip.mediaType, size: size,
      sha256: try SHA256.digest(ofFile: target, named: path), width: nil, height: nil,
      warnings: ConversionWarning.text(warnings))
    output.task = number
    return Made(path: path, output: output)
  }

  /// Writes the archive in this process, for nothing in the files is looked at; gives its size.
  private func write(
    _ entries: [(name: String, open: () throws -> Int32)], _ names: [String], into target: Int32,
    _ allowance: AttemptRoom.Allowance
  ) throws -> Int64 {
    let writer = ZIPWriter(
      target,
      room: { [self] (bytes: Int64) throws(ConversionFailure) -> Void in
        // One entry may have several GB.
        try checkTime()
        try allowance.take(bytes)
      })
    var told = clock.monotonic()
    for (index, entry) in entries.enumerated() {
      try checkTime()
      let source = try entry.open()
      defer { close(source) }
      try writer.add(names[index], from: source, at: job.createdAt)
      // Watchers hear of it once a second, as of any conversion.
      let now = clock.monotonic()
      if now - told >= 1_000_000_000 {
        told = now
        tell((index + 1) * 100 / entries.count)
      }
    }
    return try writer.finish()
  }

  /// A file that is gone will not come back, unlike a disk that is in trouble.
  ///
  /// The files of a job go after it was canceled, which is then no fault.
  func open(_ input: Input) throws -> Int32 {
    if goesOn, input.role == .source { return try JobWork.open(path: links[input.position].path) }
    if let blob = input.blob {
      do {
        return try store.blobs.open(blob)
      } catch  where error.code != ENOENT {
        throw error
      } catch {
        if isCanceled() { throw ConversionFailure.canceled }
      }
    }
    throw ConversionFailure(.internalError, "the file is no longer there")
  }

  private static func open(path: String) throws(SystemFailure) -> Int32 {
    try check("open", path) { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
  }
}
