import Basics
import Formats
import Glibc
import Synchronization

/// What goes into the folder of a program, and what is taken out of it.
extension ToolBench {
  /// A job has no more outputs.
  private static let mostResults = 1000
  private static let overlay = "overlay"

  func makeFolder() throws(ConversionFailure) -> JobFolder {
    do {
      return try JobFolder(spool, "tool-\(getpid())-\(count.add(1, ordering: .relaxed).newValue)")
    } catch {
      throw ConversionFailure(of: error, else: "the server has no place for the conversion")
    }
  }

  /// Puts copies of the files in the folder.
  func fill(_ folder: JobFolder, _ order: Order) throws(ConversionFailure) -> ToolTask {
    let ending = (order.step.from ?? order.step.to).fileExtension
    var sources: [String] = []
    do throws(SystemFailure) {
      for (index, source) in order.files.sources.enumerated() {
        sources.append("in-\(index + 1).\(ending)")
        try folder.put(source, as: sources[index])
      }
      if let overlay = order.files.overlay { try folder.put(overlay, as: ToolBench.overlay) }
    } catch {
      throw ConversionFailure(error)
    }
    let overlay = order.files.overlay == nil ? nil : ToolBench.overlay
    var conversion = order.conversion
    // Where files of any format were taken, the step knows what this one is.
    conversion.from = order.step.from ?? conversion.from
    return ToolTask(
      conversion: conversion, sources: sources, overlay: overlay, maxPixels: maxPixels, folder: folder)
  }

  /// Copies what was made into the order's files, after a look at what it is.
  func take(
    _ results: [ToolResult], _ order: Order, _ folder: JobFolder
  ) throws(ConversionFailure) -> [MadeFile] {
    var left = order.mostBytes
    var made: [MadeFile] = []
    guard !results.isEmpty, results.count <= ToolBench.mostResults else {
      throw ConversionFailure(.outputTooLarge, "\(results.count) files are more or fewer than a conversion may make")
    }
    for result in results {
      let output = made.isEmpty ? order.files.output : try order.another()
      if let pieces = result.pieces {
        do throws(SystemFailure) { try folder.put(pieces, as: result.name) } catch { throw ConversionFailure(error) }
      }
      let size = try folder.take(result.name, into: output, atMost: left)
      left -= size
      made.append(
        try MadeFile(checking: output, of: size, as: order.step.to, label: result.label, by: "the program"))
    }
    return made
  }
}
