package import Basics
import Glibc

/// Why a conversion did not happen: a stable code and a sentence fit for the client.
package struct ConversionFailure: Error, Equatable, CustomStringConvertible {
  package enum Code: String, Sendable, CaseIterable {
    case damagedFile = "damaged_file"
    case formatMismatch = "format_mismatch"
    case passwordRequired = "password_required"
    case tooManyPixels = "too_many_pixels"
    case unsupportedConversion = "unsupported_conversion"
    case timeLimit = "time_limit"
    case memoryLimit = "memory_limit"
    case converterDied = "converter_died"
    case outputTooLarge = "output_too_large"
    case diskFull = "disk_full"
    case storageQuota = "storage_quota_exceeded"
    case canceled = "canceled"
    /// The server of a page answered with an error.
    case pageStatus = "page_status"
    /// The server of a page could not be reached.
    case pageUnreachable = "page_unreachable"
    case pageCertificate = "page_certificate"
    /// A page did not load, or something on it did not appear, in time.
    case pageTimeout = "page_timeout"
    case pageCrashed = "page_crashed"
    case pageEmpty = "page_empty"
    /// The address leads to a file, which is no page.
    case pageIsFile = "page_is_file"
    case pageTooLarge = "page_too_large"
    case pageFailed = "page_failed"
    case internalError = "internal_error"
  }

  /// How large an output would be that met the limit it was given.
  package enum Excess: Sendable, Equatable {
    case known(Int64)
    case unknown
  }

  package let code: Code
  package let message: String
  /// Nil when no limit of bytes was met.
  package let excess: Excess?
  /// The last that a program of others has printed, without paths, for operators alone; empty when there is none.
  package let words: String
  /// True when the same files would do on a server that has what this one lacks.
  package let isOfServer: Bool
  /// True when the same files may do with another maker.
  package let isOfMaker: Bool

  package init(
    _ code: Code, _ message: String, excess: Excess? = nil, words: String = "", isOfServer: Bool = false,
    isOfMaker: Bool = false
  ) {
    self.code = code
    self.message = message
    self.excess = excess
    self.words = words
    self.isOfServer = isOfServer
    self.isOfMaker = isOfMaker
  }

  /// The same with a program's last words.
  package func saying(_ words: String) -> ConversionFailure {
    ConversionFailure(
      code, message, excess: excess, words: words, isOfServer: isOfServer, isOfMaker: isOfMaker)
  }

  /// True when the child ended by a signal or hit its memory or time limit; three of these fail a job for good.
  package var isWorkerDeath: Bool {
    switch code {
    case .converterDied, .memoryLimit, .timeLimit: true
    default: false
    }
  }

  package var description: String { "\(code.rawValue): \(message)" }

  package static let canceled = ConversionFailure(.canceled, "the conversion was canceled")

  /// The same failure with the number of the file that is to blame, where there are several.
  package func ofFile(_ index: Int) -> ConversionFailure {
    ConversionFailure(
      code, "file \(index + 1): \(message)", excess: excess, words: words, isOfServer: isOfServer,
      isOfMaker: isOfMaker)
  }

  /// An output that is larger than it may be, met while it was written.
  package static let overLimit = ConversionFailure(
    .outputTooLarge, "the output is larger than it may be", excess: .unknown)

  /// Throws when an output whose size is known beforehand would be larger than it may be.
  package static func check(_ bytes: Int64, atMost most: Int64) throws(ConversionFailure) {
    guard bytes > most else { return }
    throw ConversionFailure(
      .outputTooLarge, "the output would have \(bytes) bytes, and may have \(most)", excess: .known(bytes))
  }

  package static let locked = ConversionFailure(
    .passwordRequired, "the document is protected, and the password for it is missing or wrong")

  /// What has nothing that its target could hold, such as a picture alone that becomes text.
  package static let nothingMade = ConversionFailure(
    .unsupportedConversion, "the document has nothing that could be kept in this format")

  package static let pageCrashed = ConversionFailure(
    .pageCrashed, "the page crashed, or used more memory than it may")

  /// What never stays where it is.
  package static let pageRestless = ConversionFailure(
    .pageFailed, "the page leads to other addresses again and again")

  /// What its scripts leave no time for.
  package static let pageBusy = ConversionFailure(
    .pageTimeout, "the page kept the browser busy for longer than it may")

  package static let outOfMemory = ConversionFailure(.memoryLimit, "the conversion needs more memory than it may use")

  /// What any error comes to: what has its own words keeps them, and of all else nobody outside hears more than a sentence.
  package init(of error: any Error, else sentence: String = "the conversion failed") {
    switch error {
    case let failure as ConversionFailure: self = failure
    case let failure as SystemFailure: self.init(failure)
    default: self.init(.internalError, sentence)
    }
  }

  /// The failure of a read or write of the files that the server handed over.
  package init(_ failure: SystemFailure) {
    switch failure.code {
    case ENOSPC, EDQUOT: self.init(.diskFull, "the server has no room for the output")
    case EFBIG: self = .overLimit
    case ENOMEM: self = .outOfMemory
    default: self.init(.internalError, "the server could not read or write its files (\(failure.call))")
    }
  }
}
