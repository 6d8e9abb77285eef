extension Setting {
  package static let data = Setting(
    "WONDER_DATA", .path, "./wonder-data", "the data directory: database, files, secret key, socket")
  package static let listen = Setting(
    "WONDER_LISTEN", .address, "127.0.0.1:8080", "where the HTTP API listens; port 0 picks a free one")
  package static let publicURL = Setting(
    "WONDER_PUBLIC_URL", .url, "", "the address clients use, for links in answers; else the request's Host")
  package static let workers = Setting(
    "WONDER_WORKERS", .count(0...256), "0",
    "conversions of one workspace at once, beside one more for the others, and while others are about no more than one for each core; 0 means two for each core, and fewer where few files may be open"
  )
  package static let officeWorkers = Setting(
    "WONDER_OFFICE_WORKERS", .count(0...64), "0",
    "documents of one workspace at once in programs such as qpdf, beside one more for the others; 0 means one for each two cores, and fewer for want of memory (1 GB each)"
  )
  package static let mediaWorkers = Setting(
    "WONDER_MEDIA_WORKERS", .count(0...64), "0",
    "films and sounds of one workspace at once, beside one more for the others; 0 means one for each two cores, and fewer for want of memory (2 GB each)"
  )
  package static let pageWorkers = Setting(
    "WONDER_PAGE_WORKERS", .count(0...8), "0",
    "web pages of one workspace at once in the browser, beside one more for the others; 0 means one for each two cores, and fewer for want of memory (1 GB each)"
  )
  package static let pageJobTime = Setting(
    "WONDER_PAGE_JOB_TIME", .span(1000...86_400_000), "10m",
    "the longest time one job of web pages may run, all its pages together")
  package static let officeJobTime = Setting(
    "WONDER_OFFICE_JOB_TIME", .span(1000...86_400_000), "10m",
    "the longest time one job of documents may run, all its files together")
  package static let mediaJobTime = Setting(
    "WONDER_MEDIA_JOB_TIME", .span(1000...86_400_000), "30m",
    "the longest time one job of film and sound may run, in one conversion or in all its files together")
  package static let jobsPerChild = Setting(
    "WONDER_JOBS_PER_CHILD", .count(1...1000), "32",
    "small jobs of one workspace that one sandboxed process may do in turn; 1 gives each its own")
  package static let threads = Setting(
    "WONDER_THREADS", .count(1...2), "2", "threads for one large picture while nothing else waits or runs")
  package static let maxUpload = Setting(
    "WONDER_MAX_UPLOAD", .size(1024...(1 << 40)), "100MB", "the largest request body of a job")
  package static let maxOutput = Setting(
    "WONDER_MAX_OUTPUT", .size(1024...(1 << 40)), "2GB", "the largest file that one conversion may make")
  package static let maxJobOutput = Setting(
    "WONDER_MAX_JOB_OUTPUT", .size(1024...(1 << 50)), "10GB",
    "all files that one job may make, and the largest archive of them")
  package static let maxPixels = Setting(
    "WONDER_MAX_PIXELS", .amount(1...4_000_000_000), "50M", "the largest picture, in pixels; checked from its header")
  package static let maxSide = Setting(
    "WONDER_MAX_SIDE", .amount(1...1_000_000), "1M", "the longest side of a picture, in pixels")
  package static let pngCodec = Setting(
    "WONDER_PNG", .choice(["fast", "lib"]), "fast", "whose PNG codec is used: our own where it can, or libpng alone")
  package static let conversionTime = Setting(
    "WONDER_CONVERSION_TIME", .span(1000...86_400_000), "60s", "the longest time one conversion may run")
  package static let jobTime = Setting(
    "WONDER_JOB_TIME", .span(1000...86_400_000), "10m", "the longest time one job may run, all its files together")
  package static let retention = Setting(
    "WONDER_RETENTION", .span(60_000...31_536_000_000), "24h", "how long the files of a finished job are kept")
  package static let keepInputs = Setting(
    "WONDER_KEEP_INPUTS", .choice(["no", "failed"]), "no",
    "failed keeps the files that a job has failed by until its retention is over, so that it can be tried again")
  package static let history = Setting(
    "WONDER_HISTORY", .span(60_000...315_360_000_000), "30d",
    "how long a finished job is listed after its files are gone")
  package static let clockSettle = Setting(
    "WONDER_CLOCK_SETTLE", .span(0...604_800_000), "15m",
    "how long a clock that was set must keep its pace before anything is removed for its age")
  package static let linkLifetime = Setting(
    "WONDER_LINK_LIFETIME", .span(1000...31_536_000_000), "24h", "how long a download link works after it was given out"
  )
  package static let sandbox = Setting(
    "WONDER_SANDBOX", .choice(["require-full", "require-basic", "best-effort"]), "best-effort",
    "what the kernel must give to keep a decoder from harm; less stops the start")
  package static let engines = Setting(
    "WONDER_ENGINES", .text, "all",
    "programs of others that may be called: all, none, or names of them or of their Debian packages")
  package static let autoApprove = Setting(
    "WONDER_AUTO_APPROVE", .choice(["off", "free", "starter", "pro", "enterprise"]), "off",
    "the plan that whoever asks for access gets at once; off leaves it to an operator")
  package static let anonymous = Setting(
    "WONDER_ANONYMOUS", .text, "none",
    "the dialects that anybody may use without a key, counted by address: none, or koalapic")
  package static let signedCallbacks = Setting(
    "WONDER_SIGNED_CALLBACKS", .choice(["none", "api2convert"]), "none",
    "the dialect whose callbacks are signed with the webhook secret of the key though its vendor's are not")
  package static let log = Setting(
    "WONDER_LOG", .choice(Log.Style.allCases.map(\.rawValue)), "text", "how log lines are written")

  package static let logLevel = Setting(
    "WONDER_LOG_LEVEL", .choice(Log.Level.allCases.map(\.words.name)), "info",
    "the least that is logged; reread at SIGHUP")

  /// Every setting, in the order in which they are shown.
  package static let all: [Setting] =
    [
      data, listen, publicURL, workers, officeWorkers, mediaWorkers, pageWorkers, jobsPerChild, threads, maxUpload,
      maxOutput,
      maxJobOutput,
      maxPixels, maxSide,
      pngCodec, conversionTime, jobTime, officeJobTime, mediaJobTime, pageJobTime,
      retention, keepInputs, history, clockSettle, linkLifetime, sandbox, engines, autoApprove, anonymous,
      signedCallbacks, log, logLevel,
    ] + http + outbound + metrics + mail + backup + standby + signOn + remote
}
