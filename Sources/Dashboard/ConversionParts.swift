package import Basics
package import Engine
package import HTTP

/// What the pages' own conversions and downloads are built from.
package final class ConversionParts: Sendable {
  package let jobs: JobService
  package let streams: EventStreams
  package let forms: MultipartLimits
  /// Bytes of one upload.
  package let maxUpload: Int64
  package let spool: Spool

  package init(jobs: JobService, streams: EventStreams, forms: MultipartLimits, maxUpload: Int64, spool: Spool) {
    self.jobs = jobs
    self.streams = streams
    self.forms = forms
    self.maxUpload = maxUpload
    self.spool = spool
  }
}
