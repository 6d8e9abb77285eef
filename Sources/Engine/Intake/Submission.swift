package import Basics
package import Storage

/// A request for conversions in the engine's own words, whatever dialect it came in.
package struct Submission: Sendable {
  /// An uploaded file in the spool; the engine moves it away when it takes the job.
  package struct File: Sendable {
    package let path: String
    package let name: String
    package let size: Int64
    package let contentType: String?
    /// The address of the page that it leads to.
    var page: String?
    /// Whoever removes the file when it is let go of; it must live until the job is taken.
    let keeper: any SpoolKeeper

    package init(
      path: String, name: String, size: Int64, contentType: String?, keeper: any SpoolKeeper
    ) {
      self.path = path
      self.name = name
      self.size = size
      self.contentType = contentType
      self.keeper = keeper
    }
  }

  /// A file to work on: one that came with the request, or one to be fetched.
  package enum Source: Sendable {
    case file(File)
    /// The name is what its output is called after; else the last part of the address is.
    case address(String, name: String?)
    /// The address of a web page, which is not fetched but opened by whatever makes files of pages.
    case page(String, name: String?)
    /// A file that is to be fetched from a place that only its credentials open.
    case cloud(CloudFile)
    /// A stored file of the workspace by its row, whose name its output is called after unless another one is given.
    case stored(Int64, name: String?)
  }

  /// What makes many files a batch.
  package struct BatchWish: Sendable {
    package let mode: Batch.Mode
    /// True when the address that came with the request is told of the end of each job, and not of the batch's.
    package let tellsEach: Bool

    package init(mode: Batch.Mode, tellsEach: Bool = false) {
      self.mode = mode
      self.tellsEach = tellsEach
    }
  }

  /// One target with its options, over all or some of the files.
  package struct Task: Sendable {
    /// Nil when the client's API has no such word.
    package var conversionType: String?
    /// What its files are, where somebody has looked; nil for what the submission says.
    package var from: String?
    /// Nil for the preset's.
    package var to: String?
    package var options: [String: String]
    /// The name of a preset of the workspace; the options that come with it count before its own.
    package var preset: String?
    /// The numbers of its sources, from 0; nil for all of them.
    package var files: [Int]?

    package init(
      from: String? = nil, to: String?, options: [String: String] = [:], preset: String? = nil,
      conversionType: String? = nil, files: [Int]? = nil
    ) {
      self.from = from
      self.to = to
      self.options = options
      self.preset = preset
      self.conversionType = conversionType
      self.files = files
    }
  }

  package var dialect: String
  /// Everything that the client said beside its files, as it said it, to know a repetition by.
  package var fields: [(name: String, value: String)]
  /// The route that an idempotency key belongs to.
  package var route: String
  /// Nil for whatever the files are.
  package var from: String?
  /// What is made of the sources, one after the other; at least one.
  package var tasks: [Task]
  package var sources: [Source]
  /// A picture to lay over the others.
  package var overlay: Source?
  /// True when the answer is to be the result; the dialect waits for it.
  package var waitsForEnd = false
  /// False for a job that waits for its start, and takes more files until then.
  package var starts = true
  /// True when the outputs are to become one ZIP archive.
  package var packsOutputs = false
  /// Each file a job of its own, counted together.
  package var batch: BatchWish?
  /// The pages of a site instead of one page, as the jobs of a batch; the only source is the address where it begins.
  package var site: SiteWish?
  /// The largest file that may be fetched, in bytes.
  package var mostBytes: Int64
  package var idempotencyKey: String?
  package var webhookURL: String?
  /// Means nothing without an address.
  package var webhookSecret: String?
  /// True when the secret of the key signs what goes to the address.
  package var signsWithKey = false
  /// True when the address is to be told of every change of the job; a batch is told of its end alone.
  package var tellsEveryChange = false
  /// What the job has to know and nobody may see, each name once; gone when it ends.
  package var secrets: [JobSecret] = []
  /// Where the outputs go beside being kept here; the job has ended when they are there, or cannot be brought there.
  package var targets: [OutputTarget] = []
  /// What the outputs may be downloaded with, any one of them; none for whoever has the link.
  package var downloadPasswords: [String] = []
  /// What its dialect keeps with the job.
  package var dialectData: String?
  /// What is stored of it when it has been made, so that it stays after the job's own files have gone.
  package var storing: StoreWish?
  /// Some of `JobExtras.wishes`.
  package var extras: JobExtras = []
  /// Who gets mail when the job has ended; it has passed `MailAddress`.
  package var notificationEmail: String?

  package init(
    dialect: String, fields: [(name: String, value: String)], route: String, conversionType: String?, from: String?,
    to: String?, options: [String: String] = [:], sources: [Source], mostBytes: Int64,
    idempotencyKey: String? = nil, webhookURL: String? = nil, webhookSecret: String? = nil
  ) {
    self.dialect = dialect
    self.fields = fields
    self.route = route
    self.from = from
    tasks = [Task(to: to, options: options, conversionType: conversionType)]
    self.sources = sources
    self.mostBytes = mostBytes
    self.idempotencyKey = idempotencyKey
    self.webhookURL = webhookURL
    self.webhookSecret = webhookSecret
  }

  /// The first task, which most submissions have alone.
  package var task: Task {
    get { tasks[0] }
    set { tasks[0] = newValue }
  }

  /// True when its files may be of any formats.
  var takesAnything: Bool { from == nil || from == Wish.anyFormat }

  /// Every file that came with the request, the one to be laid over the others last.
  var files: [File] {
    (sources + [overlay].compactMap { $0 }).compactMap { if case .file(let file) = $0 { file } else { nil } }
  }

  /// SHA-256 over everything that makes two requests the same: the fields by name, then each file.
  ///
  /// Fields may come in another order the second time, as clients that keep them in a hash table send them.
  ///
  /// Every piece is written with its length, so that no two different requests give the same bytes.
  func fingerprint(hashes: [[UInt8]]) -> [UInt8] {
    var hash = SHA256()
    func add(_ bytes: [UInt8]) {
      hash.update(Array("\(bytes.count):".utf8))
      hash.update(bytes)
    }
    for text in [dialect, route] { add(Array(text.utf8)) }
    let sorted = fields.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
    add(Array(String(sorted.count).utf8))
    for (_, field) in sorted {
      add(Array(field.name.utf8))
      add(Array(field.value.utf8))
    }
    for (file, digest) in zip(files, hashes) {
      add(Array(file.name.utf8))
      add(Array((file.contentType ?? "").utf8))
      add(digest)
    }
    return hash.finish()
  }
}
