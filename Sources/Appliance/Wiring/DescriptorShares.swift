import Engine
import Outbox

/// Who may have how many of the process' open files, so that connections never take those that workers, the database and
/// files need.
struct DescriptorShares: Equatable {
  /// Conversions at once.
  let workers: Int
  /// Documents at once in programs of others.
  let documents: Int
  /// Films and sounds at once.
  let films: Int
  /// Web pages at once.
  let pages: Int
  /// Threads for calls that may block.
  let blocking: Int
  let connections: Int
  /// Webhooks at once, and mail when it is on.
  let deliveries: Int
  /// Files that are fetched at once, each with a connection.
  let downloads: Int
  /// Outputs that are sent elsewhere at once, in the same way.
  let uploads: Int
  /// Documents of web sites that are fetched at once, in the same way.
  let sites: Int

  /// With less than this to share out nobody could be served.
  private static let leastShared = 12
  private static let mostConnections = 20_000
  private static let mostBlocking = 8
  /// Of so few open files not many threads may have one.
  private static let few = 256
  /// Of fewer no page has a share of its own.
  private static let several = 1024

  /// Shares out `limit` open files; `wanted` is the setting of workers, and 0 two for each core, or as many as fit.
  ///
  /// Of documents, films and pages 0 means one for each two cores, or as many as fit into so many bytes of memory. Throws
  /// `StartFailure` when they are too few.
  init(
    limit: Int, wanted: Int, documents: Int = 0, films: Int = 0, pages: Int = 0, cores: Int, memory: Int64 = .max,
    hasMail: Bool
  ) throws(StartFailure) {
    blocking = limit < DescriptorShares.few ? 2 : DescriptorShares.mostBlocking
    let fixed = DescriptorShares.fixed(cores: cores, blocking: blocking)
    let fitting = (limit - fixed - DescriptorShares.leastShared) / DescriptorShares.perWorker
    workers = wanted > 0 ? wanted : max(1, min(2 * cores, fitting))
    func standard(_ bytesEach: Int64) -> Int {
      limit < DescriptorShares.few ? 1 : max(1, min(cores / 2, Int(clamping: memory / bytesEach)))
    }
    self.documents = documents > 0 ? documents : standard(1 << 30)
    self.films = films > 0 ? films : standard(2 << 30)
    self.pages = pages > 0 ? pages : standard(1 << 30)
    let programs =
      limit < DescriptorShares.few
      ? 0
      : (self.documents + self.films + 2) * DescriptorShares.perProgram
        + (self.documents + 1) * DescriptorShares.perResident
        + (limit < DescriptorShares.several ? 0 : (self.pages + 1) * DescriptorShares.perPage)
    let shared = limit - fixed - workers * DescriptorShares.perWorker - programs
    guard shared >= DescriptorShares.leastShared else {
      throw StartFailure(
        "\(limit) open files are too few for \(workers) workers on \(cores) cores, which need \(limit - shared + DescriptorShares.leastShared); "
          + "raise the limit (ulimit -n, LimitNOFILE= of the unit)" + (wanted > 1 ? " or lower WONDER_WORKERS" : ""))
    }
    downloads = min(Fetcher.most, max(1, shared / 16))
    uploads = min(Uploader.most, max(1, shared / 32))
    sites = min(SiteWorker.most, max(1, shared / 64))
    deliveries = min(HostSchedule.mostAtOnce, max(2, shared / 10))
    // Uploads and answers have files of their own.
    let files = max(4, shared / 8)
    let others = 2 * (downloads + uploads + sites) + (hasMail ? 2 : 1) * deliveries + files
    connections = max(2, min(DescriptorShares.mostConnections, shared - others))
  }

  /// Control socket, waiting, kept and wide child, the files of a job, and a reader of the database.
  private static let perWorker = 8

  /// The keeper of a program, its folder, the files of a job, and a reader of the database.
  private static let perProgram = 6

  /// The door of a page with its connections, each of which has two ends, and the files of a job.
  private static let perPage = 80

  /// The keeper of a program that stays, and its folder.
  private static let perResident = 2

  /// Standard streams, program, lock and database; three couriers with their readers; what the janitor and the metrics have;
  /// the worker that is
  /// one more than the setting; for each loop epoll, its bell, a socket that listens and a reader; for each thread that may block a reader and a file.
  private static func fixed(cores: Int, blocking: Int) -> Int { 26 + 5 * cores + 3 * blocking + perWorker }
}
