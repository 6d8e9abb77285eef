import Basics
import Formats
import Glibc

/// Has a tool make its sample, confined as any other conversion.
struct ToolTrial {
  /// LibreOffice takes two seconds where nothing else runs.
  private static let timeLimit = Duration.seconds(60)
  private static let mostBytes: Int64 = 64 << 20

  let bench: any Bench
  let isCanceled: @Sendable () -> Bool

  /// How long it took; nil for a tool that has no sample.
  func run(_ tool: any ProgramMaker) throws(ConversionFailure) -> Duration? {
    guard let sample = tool.sample else { return nil }
    let conversion = sample.conversion
    let offer = tool.offers.first { offer in
      offer.isMeant(by: conversion.options) && offer.to.contains(conversion.to)
        && (offer.from ?? []).contains { $0 == conversion.from }
    }
    guard let offer else { throw ConversionFailure(.internalError, "the sample is none of what the tool offers") }
    let begin = Clock.readMonotonic()
    var opened: [Int32] = []
    defer { for file in opened { close(file) } }
    do throws(SystemFailure) {
      opened = [try MemoryFile.make(sample.bytes)]
      opened.append(try MemoryFile.make([]))
    } catch {
      throw ConversionFailure(error)
    }
    let files = ConversionFiles(sources: [opened[0]], output: opened[1])
    let order = Order(
      step: Step(maker: tool, offer: offer, from: conversion.from, to: conversion.to), conversion: conversion,
      files: files, timeLimit: ToolTrial.timeLimit, mostBytes: ToolTrial.mostBytes,
      another: { () throws(ConversionFailure) in
        do throws(SystemFailure) { opened.append(try MemoryFile.make([])) } catch { throw ConversionFailure(error) }
        return opened[opened.count - 1]
      })
    _ = try bench.make(order, watch: Watch(isCanceled: isCanceled))
    return .nanoseconds(Clock.readMonotonic() - begin)
  }
}
