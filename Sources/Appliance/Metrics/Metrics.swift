import Basics
import Conversion
import Engine
import Formats
import Glibc
import HTTP
import Outbox
import Storage

/// Gathers what `/metrics` shows, at the moment somebody asks.
struct Metrics: Sendable {
  let store: Store
  let measures: JobMeasures
  /// Of webhooks, and of mail when there is one.
  let couriers: [Courier]
  let pool: WorkerPool
  let programs: ProgramMetrics
  let remote: RemoteMetrics
  let workers: Int
  let startedAt: Timestamp
  let traffic: Traffic
  let backups: BackupPlan?
  let followers: Followers

  /// The page; reads the database, so for a thread that may block.
  func page() throws -> String {
    var text = MetricsText()
    writeProcess(&text)
    try writeQueue(&text)
    writeJobs(&text)
    programs.write(&text)
    remote.write(&text)
    try writeDeliveries(&text)
    try writeRates(&text)
    writeTraffic(&text)
    try writeStore(&text)
    try writeBackups(&text)
    writeFollowers(&text)
    return text.text
  }

  private func writeProcess(_ text: inout MetricsText) {
    text.family("wonder_build_info", .gauge, "Always 1; the label has the version.")
    text.sample(Int64(1), ["version": VersionCommand.version])
    text.family("process_start_time_seconds", .gauge, "When the server was started, in seconds since 1970.")
    text.sample(Double(startedAt.milliseconds) / 1000)
    let usage = ProcessUsage.now()
    text.family("process_cpu_seconds_total", .counter, "Processor time of the server, without its workers.")
    text.sample(usage.cpuSeconds)
    text.figure(
      "process_resident_memory_bytes", .gauge, "Memory of the server, without its workers.", usage.residentBytes)
    text.figure("process_open_fds", .gauge, "Open files and connections of the server.", usage.openFiles)
    text.figure("wonder_workers", .gauge, "Conversions that can run at once.", Int64(workers))
    text.figure("wonder_worker_processes", .gauge, "Worker processes that run.", Int64(pool.status.count))
    text.figure(
      "wonder_worker_deaths_total", .counter, "Converters that died or were ended for memory or time.",
      measures.workerDeaths)
  }

  private func writeQueue(_ text: inout MetricsText) throws {
    let (waiting, running, isPaused, submitted) = try store.read { database in
      try (
        Queue.countWaiting(in: database), Queue.countRunning(in: database),
        Switches.isOn(.queueIsPaused, in: database), Usage.total("jobs.submitted", in: database)
      )
    }
    text.figure("wonder_jobs_waiting", .gauge, "Jobs that wait for a worker or for their time.", Int64(waiting))
    text.figure("wonder_jobs_running", .gauge, "Jobs that run.", Int64(running))
    text.figure("wonder_queue_paused", .gauge, "1 while an operator has paused the queue.", isPaused ? 1 : 0)
    text.figure(
      "wonder_jobs_submitted_total", .counter, "Jobs accepted, over restarts, of workspaces that exist.", submitted)
  }

  private func writeJobs(_ text: inout MetricsText) {
    let figures = measures.figures.sorted { $0.key < $1.key }
    text.family("wonder_jobs_finished_total", .counter, "Jobs that ended, by conversion and status.")
    for (conversion, figures) in figures {
      for (status, count) in figures.ends.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        text.sample(count, ["conversion": conversion, "status": status.rawValue])
      }
    }
    text.family("wonder_job_wait_seconds", .histogram, "From submission to the attempt that ended the job.")
    for (conversion, figures) in figures { text.sample(figures.waits, ["conversion": conversion]) }
    text.family("wonder_job_run_seconds", .histogram, "The attempt that ended the job.")
    for (conversion, figures) in figures { text.sample(figures.runs, ["conversion": conversion]) }
  }

  private func writeRates(_ text: inout MetricsText) throws {
    guard let age = try RateDesk(store: store, clock: .system).age() else { return }
    text.figure(
      "wonder_exchange_rates_age_seconds", .gauge, "Since the day of the newest exchange rate began.",
      age.milliseconds / 1000)
  }

  private func writeDeliveries(_ text: inout MetricsText) throws {
    let waiting = try store.read { try Deliveries.countWaiting(in: $0) }
    text.figure(
      "wonder_deliveries_waiting", .gauge, "Webhooks that wait to be sent, for the first time or again.", waiting)
    let uploads = try store.read { try Uploads.counts(in: $0) }
    text.family("wonder_uploads", .gauge, "Outputs that are still to be sent elsewhere, by state.")
    text.sample(uploads.waiting, ["state": "waiting"])
    text.sample(uploads.running, ["state": "running"])
    text.family("wonder_delivery_attempts_total", .counter, "Webhooks sent, by style and what became of it.")
    let counts = couriers.flatMap { $0.attemptCounts }
    for (label, count) in counts.sorted(by: { ($0.key.style, $0.key.outcome) < ($1.key.style, $1.key.outcome) }) {
      text.sample(count, ["style": label.style, "outcome": label.outcome])
    }
  }

  private func writeTraffic(_ text: inout MetricsText) {
    let traffic = traffic.summary
    text.family("wonder_http_requests_total", .counter, "Requests answered, by route and status.")
    for count in traffic.counts {
      text.sample(
        count.requests,
        [
          "method": count.route?.method.rawValue ?? "any", "route": count.route?.pattern ?? "none",
          "code": String(count.status),
        ])
    }
    text.family(
      "wonder_http_request_duration_seconds", .histogram, "From the head of a request to the end of its answer.")
    text.sample(traffic.durations)
    text.figure(
      "wonder_http_response_body_bytes_total", .counter, "Bytes of bodies that were answered with.", traffic.bodyBytes)
  }

  /// Only where backups are made by themselves.
  private func writeBackups(_ text: inout MetricsText) throws {
    guard let backups else { return }
    let made = try store.read { try Backups.all(in: $0) }
    text.figure(
      "wonder_backup_failed", .gauge, "1 when the last backup by the schedule failed.",
      made.first?.error == nil ? 0 : 1)
    guard let good = made.first(where: { $0.error == nil && $0.place == backups.place }) else { return }
    text.figure(
      "wonder_backup_last_time_seconds", .gauge, "When the last whole backup was begun, in seconds since 1970.",
      good.startedAt.seconds)
    text.family("wonder_backup_last_duration_seconds", .gauge, "How long it took.")
    text.sample(Double(good.duration.milliseconds) / 1000)
    text.figure("wonder_backup_last_bytes", .gauge, "Its size.", good.bytes)
  }

  /// Only where somebody follows.
  private func writeFollowers(_ text: inout MetricsText) {
    let (followers, now) = (followers.all, Clock.system.now())
    guard !followers.isEmpty else { return }
    text.family("wonder_standby_lag_seconds", .gauge, "How far what a stand-by holds is behind.")
    for follower in followers {
      if let lag = follower.lag(at: now) { text.sample(lag.milliseconds / 1000, ["standby": follower.name]) }
    }
    text.family("wonder_standby_seen_seconds", .gauge, "Since a stand-by has asked last.")
    for follower in followers { text.sample((now - follower.seenAt).milliseconds / 1000, ["standby": follower.name]) }
  }

  private func writeStore(_ text: inout MetricsText) throws {
    let health = try store.health()
    text.figure("wonder_disk_free_bytes", .gauge, "Room on the disk of the data directory.", health.freeBytes)
    text.figure("wonder_disk_size_bytes", .gauge, "Size of that disk.", health.totalBytes)
    text.figure(
      "wonder_shortage", .gauge, "1 while new jobs are refused because the disk or the queue is full.",
      health.shortage == nil ? 0 : 1)
    text.figure("wonder_database_bytes", .gauge, "Size of the SQLite database without its log.", health.databaseBytes)
    text.figure("wonder_database_unused_bytes", .gauge, "Bytes of the database that hold nothing.", health.unusedBytes)
    text.figure("wonder_database_log_bytes", .gauge, "Size of the write-ahead log.", health.logBytes)
    text.figure("wonder_database_commits_total", .counter, "Transactions that were committed.", store.commits)
    text.figure(
      "wonder_database_stopped", .gauge, "1 when a failed write has ended all writing until the next start.",
      health.failure == nil ? 0 : 1)
  }
}
