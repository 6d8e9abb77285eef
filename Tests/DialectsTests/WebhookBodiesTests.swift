import Basics
import XCTest

@testable import Dialects
@testable import Engine
@testable import Storage

/// What each style says of everything that happens, to the byte, for the receivers that others have written.
final class WebhookBodiesTests: XCTestCase {
  private let now = Timestamp(milliseconds: 1_778_320_800_999)
  private let url = "http://own.example/x"
  private let identifiers = PublicIdentifiers(key: [UInt8](repeating: 7, count: 16))

  private func view(_ kind: EventKind, outputs: Int) -> JobView {
    let isFailed = kind == .failed
    let job = Job(
      id: 7, workspaceID: 3, number: 5, dialect: "wonder",
      status: isFailed ? .failed : kind == .completed ? .completed : .processing, conversionType: "image",
      sourceFormat: "png", targetFormat: "jpg", options: "{}", idempotencyKey: "run-1", webhookURL: url, attempts: 1,
      errorCode: isFailed ? "damaged_file" : nil, errorMessage: isFailed ? "the file is damaged" : nil, createdAt: now,
      startedAt: now, run: .zero, finishedAt: now)
    let files = (0..<outputs).map { JobView.File(name: "out\($0).jpg", path: "/files/\($0)", size: 9) }
    return JobView(requestID: "req_7", workspace: "acme", job: job, outputs: kind == .completed ? files : [])
  }

  private func batch(_ kind: EventKind) -> BatchView {
    let isGood = kind == .completed
    let batch = Batch(
      id: 4, workspaceID: 3, dialect: "wonder", mode: .zip, status: isGood ? .partial : .failed, total: 2,
      completed: isGood ? 1 : 0, failed: isGood ? 1 : 2, canceled: 0, webhookURL: url, notificationEmail: nil,
      errorMessage: isGood ? nil : "the archive could not be made", createdAt: now, finishedAt: now, archiveJobID: nil)
    return BatchView(
      batchID: "batch_4", workspace: "acme", batch: batch,
      tasks: [
        .init(fileName: "in0.png", view: view(kind, outputs: 1)),
        .init(fileName: "in1.png", view: view(.failed, outputs: 0)),
      ], next: nil, archive: isGood ? .init(name: "all.zip", path: "/files/all", size: 3) : nil)
  }

  /// Each delivery in two lines: what, style, endpoint, address, secret, rows, identifiers and event; and the body.
  private func lines(_ what: String, _ happening: Happening, secret: String?) -> [String] {
    let webhooks = Webhooks(home: HomeAddress(configured: "https://w.example"))
    let endpoints = AllStyles.all.enumerated().map { number, style in
      Endpoint(
        id: Int64(number + 1), workspaceID: 3, url: "http://\(style.name.rawValue).example/", style: style.name,
        events: style.events.map(\.name), isEnabled: true, failingSince: nil, overlapsUntil: nil, createdAt: now)
    }
    let audience = Audience(own: .init(url: url, secret: secret), endpoints: endpoints)
    return webhooks.deliveries(of: happening, to: audience).flatMap { delivery in
      if let endpoint = endpoints.first(where: { $0.id == delivery.endpointID }) {
        XCTAssertTrue(webhooks.tells(endpoint, of: happening.kind), "\(what) \(endpoint.style.rawValue)")
      }
      let rows = "job \(delivery.jobID ?? 0) batch \(delivery.batchID ?? 0)"
      return [
        "\(what) \(delivery.style.rawValue) \(delivery.endpointID ?? 0) \(delivery.url) \(delivery.secret ?? "-") "
          + "\(rows) \(delivery.requestID ?? "-") \(delivery.eventID) \(delivery.event)",
        String(decoding: delivery.body, as: UTF8.self),
      ]
    }
  }

  func testEveryStyle_HasTheSameHearersOfABatch_WithoutItsTasks() {
    let webhooks = Webhooks(home: HomeAddress(configured: "https://w.example"))
    for kind in [EventKind.completed, .failed] {
      let whole = batch(kind)
      let outline = BatchView(
        batchID: whole.batchID, workspace: whole.workspace, batch: whole.batch, tasks: [], next: nil,
        archive: whole.archive)
      for style in AllStyles.all {
        for event in style.events {
          let endpoint = Endpoint(
            id: 1, workspaceID: 3, url: "http://x.example/", style: style.name, events: [event.name], isEnabled: true,
            failingSince: nil, overlapsUntil: nil, createdAt: now)
          func happening(_ view: BatchView) -> Happening {
            Happening(
              kind: kind, at: now, percent: nil, subject: .batch(view), inputs: [], sources: 0,
              identifiers: identifiers, identifier: { "evt_\($0)" })
          }
          let told = webhooks.deliveries(of: happening(whole), to: Audience(own: nil, endpoints: [endpoint]))
          XCTAssertEqual(
            webhooks.hearers(of: happening(outline), among: [endpoint]).count, told.isEmpty ? 0 : 1,
            "\(style.name.rawValue) \(event.name) \(kind.rawValue)")
        }
      }
    }
  }

  func testEveryStyle_SaysWhatItAlwaysSaid() {
    var said: [String] = []
    for kind in [EventKind.submitted, .started, .progress, .completed, .failed, .canceled] {
      for files in 1...2 {
        said += lines(
          "\(kind.rawValue) \(files)",
          Happening(
            kind: kind, at: now, percent: kind == .progress ? 40 : nil, subject: .job(view(kind, outputs: files)),
            inputs: (0..<files).map { "in\($0).png" }, sources: files, identifiers: identifiers,
            identifier: { "evt_\($0)" }), secret: "s")
      }
    }
    for kind in [EventKind.completed, .failed] {
      said += lines(
        "batch \(kind.rawValue)",
        Happening(
          kind: kind, at: now, percent: nil, subject: .batch(batch(kind)), inputs: [], sources: 0,
          identifiers: identifiers, identifier: { "evt_\(9 + $0)" }), secret: nil)
    }
    let expected = Self.expected.split(separator: "\n").map(String.init)
    XCTAssertEqual(said.count, expected.count)
    for (line, other) in zip(said, expected) { XCTAssertEqual(line, other) }
  }

  private static let expected = #"""
    submitted 1 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_0 file.uploaded
    {"type":"file.uploaded","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"processing","source_format":"png","target_format":"jpg","file_name":"in0.png","outputs":[]}}
    submitted 2 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_0 file.uploaded
    {"type":"file.uploaded","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"processing","source_format":"png","target_format":"jpg","file_name":"in0.png","outputs":[]}}
    submitted 2 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_1 file.uploaded
    {"type":"file.uploaded","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"processing","source_format":"png","target_format":"jpg","file_name":"in1.png","outputs":[]}}
    started 1 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_0 conversion.started
    {"type":"conversion.started","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"processing","source_format":"png","target_format":"jpg","outputs":[]}}
    started 2 convertly 3 http://convertly.example/ - job 7 batch 0 req_7 evt_0 conversion.started
    {"id":"evt_0","type":"conversion.started","created":1778320800,"data":{"jobId":"8c89d6dc-a47b-8357-80c8-6a0f1076c71e","filename":"in0.png"}}
    started 2 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_0 conversion.started
    {"type":"conversion.started","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"processing","source_format":"png","target_format":"jpg","outputs":[]}}
    progress 1 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_0 conversion.progress
    {"type":"conversion.progress","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"processing","source_format":"png","target_format":"jpg","percent":40,"outputs":[]}}
    progress 2 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_0 conversion.progress
    {"type":"conversion.progress","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"processing","source_format":"png","target_format":"jpg","percent":40,"outputs":[]}}
    completed 1 wonder 0 http://own.example/x s job 7 batch 0 req_7 evt_0 conversion.job.completed
    {"event":"conversion.job.completed","workspace":{"slug":"acme"},"job":{"request_id":"req_7","status":"completed","idempotency_key":"run-1"},"outputs":[{"file_name":"out0.jpg","download_url":"https://w.example/files/0"}]}
    completed 1 wonder 1 http://wonder.example/ - job 7 batch 0 req_7 evt_0 conversion.job.completed
    {"event":"conversion.job.completed","workspace":{"slug":"acme"},"job":{"request_id":"req_7","status":"completed","idempotency_key":"run-1"},"outputs":[{"file_name":"out0.jpg","download_url":"https://w.example/files/0"}]}
    completed 1 convertly 3 http://convertly.example/ - job 7 batch 0 req_7 evt_0 conversion.completed
    {"id":"evt_0","type":"conversion.completed","created":1778320800,"data":{"jobId":"8c89d6dc-a47b-8357-80c8-6a0f1076c71e","filename":"out0.jpg","downloadUrl":"https://w.example/files/0"}}
    completed 1 koalapic 5 http://koalapic.example/ - job 7 batch 0 req_7 evt_0 conversion.completed
    {"event":"conversion.completed","data":{"job_id":"req_7","status":"completed","filename":"out0.jpg","download_url":"https://w.example/files/0"}}
    completed 1 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_0 conversion.completed
    {"type":"conversion.completed","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"completed","source_format":"png","target_format":"jpg","outputs":[{"file_name":"out0.jpg","download_url":"https://w.example/files/0","size":9}]}}
    completed 2 wonder 0 http://own.example/x s job 7 batch 0 req_7 evt_0 conversion.job.completed
    {"event":"conversion.job.completed","workspace":{"slug":"acme"},"job":{"request_id":"req_7","status":"completed","idempotency_key":"run-1"},"outputs":[{"file_name":"out0.jpg","download_url":"https://w.example/files/0"},{"file_name":"out1.jpg","download_url":"https://w.example/files/1"}]}
    completed 2 wonder 1 http://wonder.example/ - job 7 batch 0 req_7 evt_0 conversion.job.completed
    {"event":"conversion.job.completed","workspace":{"slug":"acme"},"job":{"request_id":"req_7","status":"completed","idempotency_key":"run-1"},"outputs":[{"file_name":"out0.jpg","download_url":"https://w.example/files/0"},{"file_name":"out1.jpg","download_url":"https://w.example/files/1"}]}
    completed 2 convertly 3 http://convertly.example/ - job 7 batch 0 req_7 evt_0 conversion.completed
    {"id":"evt_0","type":"conversion.completed","created":1778320800,"data":{"jobId":"8c89d6dc-a47b-8357-80c8-6a0f1076c71e","filename":"out0.jpg","downloadUrl":"https://w.example/files/0"}}
    completed 2 koalapic 5 http://koalapic.example/ - job 7 batch 0 req_7 evt_1 job.completed
    {"event":"job.completed","data":{"job_id":"req_7","status":"completed","total_files":2,"completed_files":2,"items":[{"filename":"out0.jpg","download_url":"https://w.example/files/0"},{"filename":"out1.jpg","download_url":"https://w.example/files/1"}]}}
    completed 2 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_0 conversion.completed
    {"type":"conversion.completed","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"completed","source_format":"png","target_format":"jpg","outputs":[{"file_name":"out0.jpg","download_url":"https://w.example/files/0","size":9},{"file_name":"out1.jpg","download_url":"https://w.example/files/1","size":9}]}}
    completed 2 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_1 job.completed
    {"type":"job.completed","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"completed","source_format":"png","target_format":"jpg","outputs":[{"file_name":"out0.jpg","download_url":"https://w.example/files/0","size":9},{"file_name":"out1.jpg","download_url":"https://w.example/files/1","size":9}]}}
    failed 1 wonder 0 http://own.example/x s job 7 batch 0 req_7 evt_0 conversion.job.failed
    {"event":"conversion.job.failed","workspace":{"slug":"acme"},"job":{"request_id":"req_7","status":"failed","idempotency_key":"run-1","error_code":"damaged_file","error_message":"the file is damaged"},"outputs":[]}
    failed 1 wonder 1 http://wonder.example/ - job 7 batch 0 req_7 evt_0 conversion.job.failed
    {"event":"conversion.job.failed","workspace":{"slug":"acme"},"job":{"request_id":"req_7","status":"failed","idempotency_key":"run-1","error_code":"damaged_file","error_message":"the file is damaged"},"outputs":[]}
    failed 1 convertly 3 http://convertly.example/ - job 7 batch 0 req_7 evt_0 conversion.failed
    {"id":"evt_0","type":"conversion.failed","created":1778320800,"data":{"jobId":"8c89d6dc-a47b-8357-80c8-6a0f1076c71e","filename":"in0.png","error":"the file is damaged"}}
    failed 1 koalapic 5 http://koalapic.example/ - job 7 batch 0 req_7 evt_0 conversion.failed
    {"event":"conversion.failed","data":{"job_id":"req_7","status":"failed","error":"the file is damaged"}}
    failed 1 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_0 conversion.failed
    {"type":"conversion.failed","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"failed","source_format":"png","target_format":"jpg","error_code":"damaged_file","error_message":"the file is damaged","outputs":[]}}
    failed 2 wonder 0 http://own.example/x s job 7 batch 0 req_7 evt_0 conversion.job.failed
    {"event":"conversion.job.failed","workspace":{"slug":"acme"},"job":{"request_id":"req_7","status":"failed","idempotency_key":"run-1","error_code":"damaged_file","error_message":"the file is damaged"},"outputs":[]}
    failed 2 wonder 1 http://wonder.example/ - job 7 batch 0 req_7 evt_0 conversion.job.failed
    {"event":"conversion.job.failed","workspace":{"slug":"acme"},"job":{"request_id":"req_7","status":"failed","idempotency_key":"run-1","error_code":"damaged_file","error_message":"the file is damaged"},"outputs":[]}
    failed 2 convertly 3 http://convertly.example/ - job 7 batch 0 req_7 evt_0 conversion.failed
    {"id":"evt_0","type":"conversion.failed","created":1778320800,"data":{"jobId":"8c89d6dc-a47b-8357-80c8-6a0f1076c71e","filename":"in0.png","error":"the file is damaged"}}
    failed 2 koalapic 5 http://koalapic.example/ - job 7 batch 0 req_7 evt_1 job.failed
    {"event":"job.failed","data":{"job_id":"req_7","status":"failed","total_files":2,"completed_files":0,"items":[],"error":"the file is damaged"}}
    failed 2 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_0 conversion.failed
    {"type":"conversion.failed","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"failed","source_format":"png","target_format":"jpg","error_code":"damaged_file","error_message":"the file is damaged","outputs":[]}}
    failed 2 standard 6 http://standard.example/ - job 7 batch 0 req_7 evt_1 job.failed
    {"type":"job.failed","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","request_id":"req_7","status":"failed","source_format":"png","target_format":"jpg","error_code":"damaged_file","error_message":"the file is damaged","outputs":[]}}
    batch completed wonder 0 http://own.example/x - job 0 batch 4 batch_4 evt_9 conversion.batch.completed
    {"event":"conversion.batch.completed","workspace":{"slug":"acme"},"batch":{"batch_id":"batch_4","status":"partial","mode":"zip","total":2,"completed":1,"failed":1,"canceled":0,"in_progress":0,"created_at":"2026-05-09T10:00:00.999Z","finished_at":"2026-05-09T10:00:00.999Z","download_url":"https://w.example/files/all"},"jobs":[{"file_name":"in0.png","request_id":"req_7","status":"completed","conversion_type":"image","source_format":"png","target_format":"jpg","outputs":[{"file_name":"out0.jpg","download_url":"https://w.example/files/0","size":9}]},{"file_name":"in1.png","request_id":"req_7","status":"failed","conversion_type":"image","source_format":"png","target_format":"jpg","error_code":"damaged_file","error_message":"the file is damaged","outputs":[]}]}
    batch completed wonder 1 http://wonder.example/ - job 0 batch 4 batch_4 evt_9 conversion.batch.completed
    {"event":"conversion.batch.completed","workspace":{"slug":"acme"},"batch":{"batch_id":"batch_4","status":"partial","mode":"zip","total":2,"completed":1,"failed":1,"canceled":0,"in_progress":0,"created_at":"2026-05-09T10:00:00.999Z","finished_at":"2026-05-09T10:00:00.999Z","download_url":"https://w.example/files/all"},"jobs":[{"file_name":"in0.png","request_id":"req_7","status":"completed","conversion_type":"image","source_format":"png","target_format":"jpg","outputs":[{"file_name":"out0.jpg","download_url":"https://w.example/files/0","size":9}]},{"file_name":"in1.png","request_id":"req_7","status":"failed","conversion_type":"image","source_format":"png","target_format":"jpg","error_code":"damaged_file","error_message":"the file is damaged","outputs":[]}]}
    batch completed convertly 3 http://convertly.example/ - job 0 batch 4 batch_4 evt_9 conversion.completed
    {"id":"evt_9","type":"conversion.completed","created":1778320800,"data":{"jobId":"030d71dd-ba4f-80db-bc02-eaa5ebddfe27","filename":"all.zip","totalFiles":2,"completedFiles":1,"failedFiles":1,"downloadUrl":"https://w.example/files/all"}}
    batch completed koalapic 5 http://koalapic.example/ - job 0 batch 4 batch_4 evt_9 job.completed
    {"event":"job.completed","data":{"job_id":"batch_4","status":"partial","total_files":2,"completed_files":1,"download_url":"https://w.example/files/all","items":[{"filename":"out0.jpg","download_url":"https://w.example/files/0"}]}}
    batch completed standard 6 http://standard.example/ - job 0 batch 4 batch_4 evt_9 job.completed
    {"type":"job.completed","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","batch_id":"batch_4","status":"partial","mode":"zip","total":2,"completed":1,"failed":1,"canceled":0,"in_progress":0,"created_at":"2026-05-09T10:00:00.999Z","finished_at":"2026-05-09T10:00:00.999Z","download_url":"https://w.example/files/all","jobs":[{"file_name":"in0.png","request_id":"req_7","status":"completed","conversion_type":"image","source_format":"png","target_format":"jpg","outputs":[{"file_name":"out0.jpg","download_url":"https://w.example/files/0","size":9}]},{"file_name":"in1.png","request_id":"req_7","status":"failed","conversion_type":"image","source_format":"png","target_format":"jpg","error_code":"damaged_file","error_message":"the file is damaged","outputs":[]}]}}
    batch failed wonder 0 http://own.example/x - job 0 batch 4 batch_4 evt_9 conversion.batch.failed
    {"event":"conversion.batch.failed","workspace":{"slug":"acme"},"batch":{"batch_id":"batch_4","status":"failed","mode":"zip","total":2,"completed":0,"failed":2,"canceled":0,"in_progress":0,"error_message":"the archive could not be made","created_at":"2026-05-09T10:00:00.999Z","finished_at":"2026-05-09T10:00:00.999Z"},"jobs":[{"file_name":"in0.png","request_id":"req_7","status":"failed","conversion_type":"image","source_format":"png","target_format":"jpg","error_code":"damaged_file","error_message":"the file is damaged","outputs":[]},{"file_name":"in1.png","request_id":"req_7","status":"failed","conversion_type":"image","source_format":"png","target_format":"jpg","error_code":"damaged_file","error_message":"the file is damaged","outputs":[]}]}
    batch failed wonder 1 http://wonder.example/ - job 0 batch 4 batch_4 evt_9 conversion.batch.failed
    {"event":"conversion.batch.failed","workspace":{"slug":"acme"},"batch":{"batch_id":"batch_4","status":"failed","mode":"zip","total":2,"completed":0,"failed":2,"canceled":0,"in_progress":0,"error_message":"the archive could not be made","created_at":"2026-05-09T10:00:00.999Z","finished_at":"2026-05-09T10:00:00.999Z"},"jobs":[{"file_name":"in0.png","request_id":"req_7","status":"failed","conversion_type":"image","source_format":"png","target_format":"jpg","error_code":"damaged_file","error_message":"the file is damaged","outputs":[]},{"file_name":"in1.png","request_id":"req_7","status":"failed","conversion_type":"image","source_format":"png","target_format":"jpg","error_code":"damaged_file","error_message":"the file is damaged","outputs":[]}]}
    batch failed convertly 3 http://convertly.example/ - job 0 batch 4 batch_4 evt_9 conversion.failed
    {"id":"evt_9","type":"conversion.failed","created":1778320800,"data":{"jobId":"030d71dd-ba4f-80db-bc02-eaa5ebddfe27","filename":"in0.png","totalFiles":2,"completedFiles":0,"failedFiles":2,"error":"the archive could not be made"}}
    batch failed koalapic 5 http://koalapic.example/ - job 0 batch 4 batch_4 evt_9 job.failed
    {"event":"job.failed","data":{"job_id":"batch_4","status":"failed","total_files":2,"completed_files":0,"items":[],"error":"the archive could not be made"}}
    batch failed standard 6 http://standard.example/ - job 0 batch 4 batch_4 evt_9 job.failed
    {"type":"job.failed","timestamp":"2026-05-09T10:00:00.999Z","data":{"workspace":"acme","batch_id":"batch_4","status":"failed","mode":"zip","total":2,"completed":0,"failed":2,"canceled":0,"in_progress":0,"error_message":"the archive could not be made","created_at":"2026-05-09T10:00:00.999Z","finished_at":"2026-05-09T10:00:00.999Z","jobs":[{"file_name":"in0.png","request_id":"req_7","status":"failed","conversion_type":"image","source_format":"png","target_format":"jpg","error_code":"damaged_file","error_message":"the file is damaged","outputs":[]},{"file_name":"in1.png","request_id":"req_7","status":"failed","conversion_type":"image","source_format":"png","target_format":"jpg","error_code":"damaged_file","error_message":"the file is damaged","outputs":[]}]}}
    """#
}
