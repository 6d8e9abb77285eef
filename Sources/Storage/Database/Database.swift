import CSQLite

/// One connection to the database; its SQL is always a literal, so that values can only be bound.
///
/// `@unchecked Sendable`: it holds a C handle that one thread uses at a time, which `Writer` and `Readers` see to.
package final class Database: @unchecked Sendable {
  package enum Mode: Sendable {
    case writing, reading
    /// In memory, and gone with its connection.
    case scratch
  }

  /// What a statement is kept by: where its literal lies, and that of the columns before it, for one rest may be asked for
  /// with several of them.
  private struct StatementPlace: Hashable {
    let columns: UnsafePointer<UInt8>?
    let rest: UnsafePointer<UInt8>
  }

  /// "wond", so that another program's file is not taken for ours.
  static let applicationID: Int64 = 0x776F_6E64

  /// Nil after `close`; SQLite then calls every use a misuse, which is an error and no crash.
  private var handle: OpaquePointer?
  private let mode: Mode
  private var syncs = true
  /// Where the hook of the log writes, for it can be given an address only.
  private let logPagesCell = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  private var statements: [StatementPlace: OpaquePointer] = [:]

  /// SQLite takes one lock of the process for each piece of memory as long as it counts them, and loops that answer
  /// polls at the same time wait for each other there; nobody here asks for the count.
  private static let countsNoMemory = csqlite_count_no_memory() == SQLITE_OK

  /// Opens the file, creating it in writing mode, and sets what every connection of its mode needs.
  package init(path: String, mode: Mode) throws {
    _ = Database.countsNoMemory
    var opened: OpaquePointer?
    let access = mode == .reading ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    let code = sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
    guard code == SQLITE_OK, let opened else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      let systemCode = opened.map { sqlite3_system_errno($0) } ?? 0
      sqlite3_close_v2(opened)
      throw DatabaseFailure(code: code, message: "\(message): \(path)", statement: "", systemCode: systemCode)
    }
    handle = opened
    self.mode = mode
    logPagesCell.initialize(to: 0)
    csqlite_keep_log_on_close(opened, 1)
    Database.addFolding(to: opened)
    for pragma in Database.pragmas(mode) { try script(pragma) }
    if mode == .writing { countLogPages() }
    let journal = try first("PRAGMA journal_mode", row: { $0.text(0) })
    guard mode != .writing || journal == "wal" else {
      throw DatabaseFailure(
        code: SQLITE_CANTOPEN, message: "the file system of \(path) cannot hold a write-ahead log", statement: "",
        isWithoutLog: true)
    }
  }

  deinit {
    close()
    logPagesCell.deallocate()
  }

  /// Ends the connection; the log stays unless `foldsLog` is set, this connection writes and it is the last one.
  package func close(foldsLog: Bool = false) {
    for statement in statements.values { sqlite3_finalize(statement) }
    statements = [:]
    guard let open = handle else { return }
    if foldsLog && mode == .writing { csqlite_keep_log_on_close(open, 0) }
    sqlite3_close_v2(open)
    handle = nil
  }

  /// The time-out comes first, because opening a WAL database may have to wait already.
  private static func pragmas(_ mode: Mode) -> [String] {
    let common = [
      "PRAGMA busy_timeout = 5000", "PRAGMA mmap_size = 0", "PRAGMA trusted_schema = OFF",
      "PRAGMA cell_size_check = ON", "PRAGMA temp_store = MEMORY", "PRAGMA foreign_keys = ON",
    ]
    let writing = [
      "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 0",
      // Debian's library does so anyway; what was a secret is not to be found in a free page.
      "PRAGMA secure_delete = ON",
      "PRAGMA journal_size_limit = 67108864",
    ]
    switch mode {
    case .writing: return common + writing
    // Many are open, each drops its pages after every commit, and what one query wants is little: 64 pages each.
    case .reading: return common + ["PRAGMA query_only = ON", "PRAGMA cache_size = -256"]
    case .scratch: return common
    }
  }

  /// An empty database in memory.
  static func scratch() throws -> Database { try Database(path: ":memory:", mode: .scratch) }

  /// Ends the statement that another thread runs; the connection must stay open meanwhile.
  func interrupt() { sqlite3_interrupt(handle) }

  /// Whether commits from now on are on disk when they return; not inside a transaction.
  func setSyncs(_ syncs: Bool) throws {
    guard syncs != self.syncs else { return }
    // Such a statement works when it is compiled, so that one that is kept would do nothing (sqlite.org/pragma.html).
    try script(syncs ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
    self.syncs = syncs
  }

  private func countLogPages() {
    sqlite3_wal_hook(
      handle,
      { cell, _, _, pages in
        cell?.assumingMemoryBound(to: Int32.self).pointee = pages
        return SQLITE_OK
      }, logPagesCell)
  }

  /// Pages in the write-ahead log after the last commit of this connection.
  var logPages: Int { Int(logPagesCell.pointee) }

  /// Writes the log's pages into the database as far as no reader needs them where they are, and syncs both.
  ///
  /// `truncates` also waits for the readers and empties the log. Not inside a transaction.
  func checkpoint(truncates: Bool = false) throws {
    let mode = truncates ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE
    let code = sqlite3_wal_checkpoint_v2(handle, nil, mode, nil, nil)
    guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else { throw failure(code, "checkpoint") }
    if code == SQLITE_OK && truncates { logPagesCell.pointee = 0 }
  }

  /// Runs a statement that returns no rows.
  package func run(_ sql: StaticString, _ values: any DatabaseConvertible...) throws {
    try step(sql, values) { _ in false }
  }

  /// All rows of a query, each turned into a value.
  package func all<Value>(
    _ sql: StaticString, _ values: any DatabaseConvertible..., row: (borrowing Row) throws -> Value
  ) throws -> [Value] {
    var found: [Value] = []
    try step(sql, values) {
      found.append(try row($0))
      return true
    }
    return found
  }

  /// The same for a query that begins with columns that are named in one place.
  package func all<Value>(
    selecting columns: StaticString, _ rest: StaticString, _ values: any DatabaseConvertible...,
    row: (borrowing Row) throws -> Value
  ) throws -> [Value] {
    var found: [Value] = []
    try step(rest, after: columns, values) {
      found.append(try row($0))
      return true
    }
    return found
  }

  /// Calls `body` with each row of a query whose rows may be too many to keep.
  func each(_ sql: StaticString, _ values: any DatabaseConvertible..., body: (borrowing Row) throws -> Void) throws {
    try step(sql, values) {
      try body($0)
      return true
    }
  }

  /// The first row of a query, or nil when there is none.
  package func first<Value>(
    _ sql: StaticString, _ values: any DatabaseConvertible..., row: (borrowing Row) throws -> Value
  ) throws -> Value? {
    var found: Value?
    try step(sql, values) {
      found = try row($0)
      return false
    }
    return found
  }

  /// The same for a query that begins with columns that are named in one place.
  package func first<Value>(
    selecting columns: StaticString, _ rest: StaticString, _ values: any DatabaseConvertible...,
    row: (borrowing Row) throws -> Value
  ) throws -> Value? {
    var found: Value?
    try step(rest, after: columns, values) {
      found = try row($0)
      return false
    }
    return found
  }

  /// The row number of the last INSERT on this connection.
  package var lastRow: Int64 { sqlite3_last_insert_rowid(handle) }

  /// How many rows the last INSERT, UPDATE or DELETE touched.
  package var changes: Int { Int(sqlite3_changes64(handle)) }

  /// Runs a text of statements that is ours and fixed: migrations and pragmas.
  package func script(_ sql: String) throws {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code, sql) }
  }

  /// Runs `body` inside BEGIN IMMEDIATE and COMMIT; an error rolls everything back.
  package func transaction<Value>(_ body: () throws -> Value) throws -> Value {
    try run("BEGIN IMMEDIATE")
    do {
      let value = try body()
      try run("COMMIT")
      return value
    } catch {
      rollBack()
      throw error
    }
  }

  /// Ends a transaction that failed; SQLite may have ended it already, on a full disk for example.
  func rollBack() {
    if isInTransaction { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
  }

  var isInTransaction: Bool { handle != nil && sqlite3_get_autocommit(handle) == 0 }

  /// The first column of a pragma that is ours and fixed; one with a name in it cannot be a literal.
  func texts(_ sql: String) throws -> [String] {
    var statement: OpaquePointer?
    var code = sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
    guard code == SQLITE_OK, let statement else { throw failure(code, sql) }
    defer { sqlite3_finalize(statement) }
    var found: [String] = []
    while true {
      code = sqlite3_step(statement)
      if code == SQLITE_DONE { return found }
      guard code == SQLITE_ROW else { throw failure(code, sql) }
      found.append(Row(statement: statement).text(0))
    }
  }

  /// The text of every statement that this connection has run, for tests that look at their plans.
  var statementTexts: [String] { statements.values.compactMap { sqlite3_sql($0).map { String(cString: $0) } } }

  /// How SQLite would run a statement, one line a step.
  package func plan(_ sql: String) throws -> [String] {
    var statement: OpaquePointer?
    let text = "EXPLAIN QUERY PLAN " + sql
    let code = sqlite3_prepare_v2(handle, text, -1, &statement, nil)
    guard code == SQLITE_OK, let statement else { throw failure(code, text) }
    defer { sqlite3_finalize(statement) }
    var steps: [String] = []
    while sqlite3_step(statement) == SQLITE_ROW { steps.append(Row(statement: statement).text(3)) }
    return steps
  }

  private func step(
    _ sql: StaticString, after columns: StaticString? = nil, _ values: [any DatabaseConvertible],
    row: (borrowing Row) throws -> Bool
  ) throws {
    let statement = try prepared(sql, after: columns)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() { try bind(value.databaseValue, Int32(index + 1), statement, sql) }
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw failure(code, "\(sql)") }
      if try !row(Row(statement: statement)) { return try finish(statement, sql) }
    }
  }

  /// A statement with RETURNING has done its work only when it is stepped to its end.
  private func finish(_ statement: OpaquePointer, _ sql: StaticString) throws {
    guard sqlite3_stmt_readonly(statement) == 0 else { return }
    var code = SQLITE_ROW
    while code == SQLITE_ROW { code = sqlite3_step(statement) }
    guard code == SQLITE_DONE else { throw failure(code, "\(sql)") }
  }

  /// Statements are kept by the address of their literal: no hashing of text on a hot path.
  private func prepared(_ sql: StaticString, after columns: StaticString? = nil) throws -> OpaquePointer {
    let place = StatementPlace(columns: columns?.utf8Start, rest: sql.utf8Start)
    if let statement = statements[place] { return statement }
    var statement: OpaquePointer?
    let text = columns.map { "SELECT \($0) \(sql)" } ?? "\(sql)"
    let code = sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw failure(code, "\(sql)") }
    statements[place] = statement
    return statement
  }

  private func bind(_ value: DatabaseValue, _ index: Int32, _ statement: OpaquePointer, _ sql: StaticString) throws {
    let code =
      switch value {
      case .null: sqlite3_bind_null(statement, index)
      case .integer(let number): sqlite3_bind_int64(statement, index, number)
      case .text(let text):
        text.withCString { csqlite_bind_text(statement, index, $0, Int32(text.utf8.count)) }
      case .blob(let bytes):
        bytes.withUnsafeBytes { csqlite_bind_blob(statement, index, $0.baseAddress, Int32($0.count)) }
      }
    guard code == SQLITE_OK else { throw failure(code, "\(sql)") }
  }

  private func failure(_ code: Int32, _ sql: String) -> DatabaseFailure {
    DatabaseFailure(
      code: code, message: String(cString: sqlite3_errmsg(handle)), statement: sql,
      systemCode: sqlite3_system_errno(handle))
  }
}

extension Database {
  /// The version of SQLite that runs, not the one that was there at build time.
  package static var libraryVersion: String { String(cString: sqlite3_libversion()) }
}
