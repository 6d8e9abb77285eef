import Basics
import Conversion
import Formats
import Glibc
import Outbound
import Synchronization

/// The command `wonder convert`.
enum ConvertCommand {
  static let command = Command(
    "convert", "converts files and web pages without a server: in the same sandbox", operands: "IN... [OUT]",
    count: 1...100_000,
    options: [
      Command.Option("--from", "FORMAT", "the format of every IN; else what its first bytes say"),
      Command.Option("--to", "FORMAT", "the format of every OUT; else what its ending says"),
      Command.Option("-o", "FILE", "the output, when every operand is an input"),
      Command.Option("--output-dir", "DIR", "where the outputs of several inputs go, named after them"),
      Command.Option(
        "--set", "OPTION=VALUE", "an option, as often as needed; wonder formats --options"),
      Command.Option("--quality", "N", "short for --set quality=N"),
      Command.Option("--background", "COLOUR", "short for --set background=COLOUR"),
      Command.Option("--resize", "WxH", "short for --set width=W --set height=H; Wx or xH will do"),
      Command.Option("--fit", "HOW", "short for --set fit=HOW"),
      Command.Option("--watermark", "FILE", "a picture to lay over each; see the options watermark_..."),
      Command.Option("--force", nil, "lets an output take the place of an input"),
      Command.Option("--json", nil, "prints what became of each file as JSON"),
    ],
    examples: [
      "wonder convert photo.png photo.jpg", "wonder convert --quality 70 --resize 1600x scan.png scan.jpg",
      "wonder convert --to jpg --output-dir out --set thumbnail=300 *.png",
      "wonder convert a.png b.jpg --set merge=true -o both.pdf", "wonder convert *.png -o pictures.zip",
      "wonder convert files.tar.gz folder/", "wonder convert files.zip files.tar",
      "wonder convert photo.jpg --watermark logo.png --set watermark_opacity=60 marked.jpg",
      "wonder convert https://example.com/ page.pdf",
      "wonder convert https://example.com/ --set full_page=false page.png",
      "curl -s https://example.com/a.png | wonder convert - --to jpg -o - > a.jpg",
    ], takesAnyName: true
  ) { call in
    let order = try ConversionOrder(call)
    let workers = min(order.jobs.count, Program.cores)
    let pool = WorkerPool(
      program: Program.file(), workers: workers, threads: Program.threads(call.settings.number(.threads)),
      limits: ConversionLimits(call.settings).withoutBudget, jobsPerChild: Int(call.settings.number(.jobsPerChild)),
      log: Log(least: .warning))
    defer { pool.close() }
    let place = try ToolPlace("convert")
    let workshop = Workshop(
      call.settings, program: Program.file(), pool: pool, finding: { order.machine.now.found },
      spool: Spool(path: place.path), pages: workers, addresses: AddressGuard(call.settings),
      log: Log(least: .warning))
    defer { withExtendedLifetime(place) { workshop.benches.close() } }
    let run = ConversionRun(order, workshop.benches, call)
    let threads = try (0..<workers).map { number in try ServiceThread(trying: "convert-\(number)") { run.work() } }
    for thread in threads { thread.join() }
    run.end()
    return run.hasFailed ? .failed : .done
  }
}
