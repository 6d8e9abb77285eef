import Basics
import Conversion
import Formats
import Glibc
import TestSupport
import XCTest

/// Conversions by the real LibreOffice and pandoc on a bench of a test's own.
final class OfficeBench {
  struct Made {
    let bytes: [UInt8]
    let label: String?

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// What a second program reads in it.
    func read(_ words: String...) throws -> String {
      let directory = try TemporaryDirectory()
      let path = directory.path + "/made"
      let file = open(path, O_WRONLY | O_CREAT, 0o644)
      defer { close(file) }
      XCTAssertEqual(write(file, bytes, bytes.count), bytes.count)
      let result = try Shell.run(words.map { $0 == "made" ? path : $0 })
      XCTAssertEqual(result.code, 0, "\(words): \(result.text)")
      return result.text
    }
  }

  let directory: TemporaryDirectory
  let bench: ToolBench
  let catalogue: Catalogue
  private let toolbox: Toolbox

  /// Skips the test where a package is not installed.
  init(
    needing packages: [String] = ["libreoffice-writer-nogui", "libreoffice-calc-nogui", "libreoffice-impress-nogui"],
    masked: ToolConfinement = [], residents: Int = 0
  ) throws {
    directory = try TemporaryDirectory()
    let toolbox = Toolbox.find()
    self.toolbox = toolbox
    // What a browser makes is tried elsewhere.
    catalogue = Catalogue(makers: Makers.all.filter { !($0 is any PageMaker) }, found: toolbox)
    let missing = Set(catalogue.missing.compactMap { toolbox.missing(for: $0)?.package })
    for package in packages {
      try XCTSkipIf(missing.contains(package), "\(package) is not here: apt-get install \(package)")
    }
    bench = ToolBench(
      program: ProgramFile(BuiltProgram.path), found: toolbox, spool: Spool(path: directory.path), level: .weak,
      masked: masked, residents: residents, log: getenv("OFFICE_LOG") == nil ? .silent : Log())
  }

  deinit { bench.close() }

  /// One call of the maker of a pair; `by` is a part of its name where several make it.
  func make(
    _ bytes: [UInt8], from: Format, to: Format, _ texts: [String: String] = [:], by name: String = "",
    timeLimit: Duration = .seconds(120), mostBytes: Int64 = 64 << 20, owner: Int64? = nil,
    isCanceled: @escaping () -> Bool = { false }
  ) throws -> [Made] {
    let options = try ConversionOptions(texts, among: catalogue.options)
    let maker = try XCTUnwrap(
      catalogue.makers.first { maker in
        maker is any Tool && (name.isEmpty || maker.name.contains(name))
          && maker.offers.contains { $0.from?.contains(from) ?? false && $0.to.contains(to) }
      }, "nobody makes \(to) of \(from)")
    let offer = try XCTUnwrap(maker.offers.first { $0.from?.contains(from) ?? false && $0.to.contains(to) })
    for option in texts.keys { XCTAssertTrue(offer.understands(option), option) }
    let source = try TestFile(bytes)
    var outputs = [try TestFile()]
    var order = Order(
      step: Step(maker: maker, offer: offer, from: from, to: to),
      conversion: Conversion(from: from, to: to, options: options),
      files: ConversionFiles(sources: [source.descriptor], output: outputs[0].descriptor), timeLimit: timeLimit,
      mostBytes: mostBytes,
      another: { () throws(ConversionFailure) in
        guard let file = try? TestFile() else { throw ConversionFailure(.internalError, "no file") }
        outputs.append(file)
        return file.descriptor
      })
    order.owner = owner
    let files = try bench.make(order, watch: Watch(isCanceled: isCanceled))
    return files.map { file in
      Made(bytes: outputs.first { $0.descriptor == file.descriptor }?.bytes ?? [], label: file.label)
    }
  }

  /// The failure of a conversion that must fail.
  func failure(
    _ bytes: [UInt8], from: Format, to: Format, _ texts: [String: String] = [:], by name: String = "",
    timeLimit: Duration = .seconds(120), mostBytes: Int64 = 64 << 20
  ) -> ConversionFailure? {
    do {
      let made = try make(
        bytes, from: from, to: to, texts, by: name, timeLimit: timeLimit, mostBytes: mostBytes)
      XCTFail("made \(made.map(\.bytes.count))")
      return nil
    } catch {
      XCTAssertTrue(error is ConversionFailure, "\(error)")
      return error as? ConversionFailure
    }
  }
}
