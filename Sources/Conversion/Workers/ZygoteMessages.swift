import Basics
import Formats

/// What the server asks of a worker process on the control socket.
enum ZygoteRequest {
  case begin(WorkerSettings)
  /// A wide child has a second thread.
  case fork(isWide: Bool)
  case kill(Int32)

  var json: JSONValue {
    switch self {
    case .begin(let settings): .object([("begin", settings.json)])
    case .fork(let isWide): .object([("fork", .boolean(true)), ("wide", .boolean(isWide))])
    case .kill(let child): .object([("kill", .integer(Int64(child)))])
    }
  }

  init?(_ document: JSONValue) {
    if let settings = document["begin"].flatMap(WorkerSettings.init) {
      self = .begin(settings)
    } else if document["fork"]?.boolean == true {
      self = .fork(isWide: document["wide"]?.boolean == true)
    } else if let child = document["kill"]?.integer.flatMap(Int32.init(exactly:)) {
      self = .kill(child)
    } else {
      return nil
    }
  }
}

/// What a worker process tells on the control socket; a new child comes with the server's end of its channel.
enum ZygoteReport {
  case child(Int32, isWide: Bool)
  case ended(Int32, ChildExit)

  var json: JSONValue {
    switch self {
    case .child(let process, let isWide):
      .object([("child", .integer(Int64(process))), ("wide", .boolean(isWide))])
    case .ended(let process, let exit):
      .object([
        ("ended", .integer(Int64(process))), ("signal", .integer(Int64(exit.signal))),
        ("code", .integer(Int64(exit.code))), ("cpu", .integer(exit.usage.processorMicroseconds)),
        ("peak", .integer(exit.usage.peakKibibytes)),
      ])
    }
  }

  init?(_ document: JSONValue) {
    if let process = document["child"]?.integer.flatMap(Int32.init(exactly:)) {
      self = .child(process, isWide: document["wide"]?.boolean == true)
      return
    }
    guard let process = document["ended"]?.integer.flatMap(Int32.init(exactly:)),
      let signal = document["signal"]?.integer.flatMap(Int32.init(exactly:)),
      let code = document["code"]?.integer.flatMap(Int32.init(exactly:)), let time = document["cpu"]?.integer,
      let peak = document["peak"]?.integer
    else { return nil }
    let usage = ResourceUsage(processorMicroseconds: time, peakKibibytes: peak)
    self = .ended(process, ChildExit(signal: signal, code: code, usage: usage))
  }
}
