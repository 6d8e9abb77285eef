import Basics
import Storage

/// Whose turn it is: hosts take turns, on each its workspaces, and of each its addresses, all with few requests at once.
///
/// What is in trouble rests alone: an address by its answers, a workspace's addresses on a host when none of them
/// answers, and a host for all only when it takes no connection, which no tenant of it can bring about.
/// Times are those of the monotonic clock in nanoseconds, except when something is due, which is a date.
package final class HostSchedule {
  /// What is known of an address; each kind has room of its own, so that a thousand dead ones leave room for a new one.
  enum Standing: Int, CaseIterable {
    case proven, fresh, troubled
  }

  /// How a request ended, as far as it tells something about where it went.
  enum Ending {
    case taken
    /// The answer tells of a failure.
    case refused
    /// There was a connection and no answer.
    case unanswered
    /// There was no connection.
    case unreachable
    case unknown
  }

  package static let mostAtOnce = 576
  /// What each kind may have of all places, in ninths; the last is left for those that answer.
  static let ninthsByStanding = [9, 6, 2]
  static let mostPerHost = 2
  static let mostPerProvenHost = 4
  /// With one place for each workspace that has no other.
  static let mostPerSharedHost = 8
  /// Beyond so many, what has nothing to send is forgotten whatever is known of it.
  static let mostRemembered = 10_000

  let mostAtOnce: Int
  private var hosts: [String: Host] = [:]
  private var lanes: [DeliveryAddress: Lane] = [:]
  private var lines = [WaitingLine<Host>](repeating: WaitingLine(), count: Standing.allCases.count)
  private var runningByStanding = [Int](repeating: 0, count: Standing.allCases.count)
  private var turn = 0
  private var dues = Agenda<Lane>()
  private var mendings = Agenda<Resting>()
  /// Told of each rest that begins, with its length, or ends.
  private let rested: (DeliveryRests.Scope, Duration?) -> Void

  private(set) var running = 0

  init(
    mostAtOnce: Int = HostSchedule.mostAtOnce,
    rested: @escaping (DeliveryRests.Scope, Duration?) -> Void = { _, _ in }
  ) {
    self.mostAtOnce = mostAtOnce
    self.rested = rested
  }

  /// Learns that something for an address is due at a time.
  func expect(_ address: DeliveryAddress, at due: Timestamp, now: Timestamp, monotonic: Int64) {
    let lane = lane(address)
    if due <= now {
      lane.hasDue = true
    } else if lane.nextDue.map({ due < $0 }) ?? true {
      setNextDue(lane, due)
    }
    settle(lane, monotonic)
  }

  /// Learns that nothing for an address is due before `next`; nil for nothing at all.
  func setNoneDue(_ address: DeliveryAddress, next: Timestamp?, monotonic: Int64) {
    guard let lane = lanes[address] else { return }
    lane.hasDue = false
    if lane.nextDue != next { setNextDue(lane, next) }
    settle(lane, monotonic)
  }

  /// The next address that a request may go to, taken from its lines; it comes again when told what became of it.
  func next(now: Timestamp, monotonic: Int64) -> DeliveryAddress? {
    look(now, monotonic)
    guard running < mostAtOnce else { return nil }
    // Twice, because an address that is found in the wrong line moves to one that may have been passed already.
    for _ in 0..<(2 * lines.count) {
      turn = (turn + 1) % lines.count
      guard hasPlace(turn) else { continue }
      while let host = lines[turn].popFirst() {
        host.isQueued[turn] = false
        if let lane = take(host, turn, monotonic) { return lane.address }
        forget(host)
      }
    }
    return nil
  }

  /// A request to the address has begun.
  func start(_ address: DeliveryAddress, monotonic: Int64) -> Standing {
    let lane = lane(address)
    lane.running += 1
    lane.tenant.running += 1
    lane.tenant.host.running += 1
    running += 1
    runningByStanding[lane.standing.rawValue] += 1
    settle(lane, monotonic)
    return lane.standing
  }

  /// A request that had begun under `standing` has ended.
  func end(_ address: DeliveryAddress, _ standing: Standing, _ ending: Ending, monotonic: Int64) {
    running -= 1
    runningByStanding[standing.rawValue] -= 1
    guard let lane = lanes[address] else { return }
    let tenant = lane.tenant
    let host = tenant.host
    lane.running -= 1
    tenant.running -= 1
    host.running -= 1
    if ending == .taken || ending == .refused {
      if host.circuit.mend() { rested(.host(host.origin), nil) }
      if tenant.circuit.mend() { rested(.workspace(tenant.workspaceID, host: host.origin), nil) }
    }
    switch ending {
    case .taken:
      if lane.circuit.mend() { rested(.address(address), nil) }
      (lane.standing, tenant.isProven, host.isProven) = (.proven, true, true)
    case .refused, .unanswered:
      (lane.standing, tenant.isProven) = (.troubled, false)
      if lane.circuit.fail(at: monotonic) { rest(.lane(lane), .address(address)) }
      // One address that hangs is that one's trouble, however often; many are the workspace's.
      if ending == .unanswered, lane.circuit.failures == 1 || tenant.circuit.isBroken,
        tenant.circuit.fail(at: monotonic)
      {
        rest(.tenant(tenant), .workspace(tenant.workspaceID, host: host.origin))
      }
    case .unreachable:
      (lane.standing, tenant.isProven, host.isProven) = (.troubled, false, false)
      if host.circuit.fail(at: monotonic) { rest(.host(host), .host(host.origin)) }
    case .unknown: break
    }
    settle(lane, monotonic)
  }

  /// How long nothing becomes ready by time alone, at most `longest`.
  func wait(now: Timestamp, monotonic: Int64, longest: Duration) -> Duration {
    var span = longest
    if let due = dues.earliest { span = min(span, max(.zero, Timestamp(milliseconds: due) - now)) }
    if let mending = mendings.earliest { span = min(span, .nanoseconds(max(0, mending - monotonic))) }
    return span
  }

  /// How many addresses are known.
  var count: Int { lanes.count }

  func isProven(_ address: DeliveryAddress) -> Bool { lanes[address]?.standing == .proven }

  private func hasPlace(_ standing: Int) -> Bool {
    runningByStanding[standing] < max(1, mostAtOnce * HostSchedule.ninthsByStanding[standing] / 9)
  }

  /// The first address on a host that is ready, by the turns of its workspaces.
  private func take(_ host: Host, _ standing: Int, _ monotonic: Int64) -> Lane? {
    guard host.hasPlace, !host.circuit.rests(at: monotonic) else { return nil }
    // No more than have a request under way there, so they are few.
    var aside: [Tenant] = []
    defer { for tenant in aside { host.lines[standing].append(tenant) } }
    while let tenant = host.lines[standing].popFirst() {
      if !tenant.circuit.rests(at: monotonic), !host.hasPlace(tenant) {
        aside.append(tenant)
        continue
      }
      tenant.isQueued[standing] = false
      if tenant.circuit.rests(at: monotonic) { continue }
      while let lane = tenant.lines[standing].popFirst() {
        lane.isQueued = false
        if lane.isReady(at: monotonic), lane.standing.rawValue == standing { return lane }
        // Its standing may have changed while it waited.
        settle(lane, monotonic)
      }
      forget(tenant)
    }
    return nil
  }

  private func lane(_ address: DeliveryAddress) -> Lane {
    if let lane = lanes[address] { return lane }
    let origin = address.origin
    let host = hosts[origin] ?? Host(origin)
    hosts[origin] = host
    let tenant = host.tenants[address.workspaceID] ?? Tenant(host, address.workspaceID)
    host.tenants[address.workspaceID] = tenant
    tenant.laneCount += 1
    let lane = Lane(tenant, address)
    lanes[address] = lane
    return lane
  }

  private func setNextDue(_ lane: Lane, _ due: Timestamp?) {
    lane.nextDue = due
    guard let due else { return }
    dues.add(lane, at: due.milliseconds)
    // What was replaced stays until its time, or until it is most of them.
    if dues.count > 2 * lanes.count + 1024 {
      var seen: Set<ObjectIdentifier> = []
      dues.keep { $1.nextDue?.milliseconds == $0 && seen.insert(ObjectIdentifier($1)).inserted }
    }
  }

  private func rest(_ resting: Resting, _ scope: DeliveryRests.Scope) {
    mendings.add(resting, at: resting.restsUntil)
    rested(scope, .nanoseconds(Circuit.restNanoseconds))
  }

  /// Puts an address, its workspace and its host into the lines that they belong to, or forgets them.
  private func settle(_ lane: Lane, _ monotonic: Int64) {
    if !lane.isQueued, lane.isReady(at: monotonic) {
      lane.isQueued = true
      lane.tenant.lines[lane.standing.rawValue].append(lane)
    }
    settle(lane.tenant, monotonic)
    forget(lane)
  }

  private func settle(_ tenant: Tenant, _ monotonic: Int64) {
    for standing in 0..<lines.count
    where !tenant.isQueued[standing] && !tenant.lines[standing].isEmpty && !tenant.circuit.rests(at: monotonic) {
      tenant.isQueued[standing] = true
      tenant.host.lines[standing].append(tenant)
    }
    settle(tenant.host, monotonic)
  }

  private func settle(_ host: Host, _ monotonic: Int64) {
    for standing in 0..<lines.count
    where !host.isQueued[standing] && !host.lines[standing].isEmpty && !host.circuit.rests(at: monotonic) {
      host.isQueued[standing] = true
      lines[standing].append(host)
    }
  }

  /// Drops an address of which nothing has to be remembered, and what has no other.
  private func forget(_ lane: Lane) {
    guard !lane.hasDue, lane.nextDue == nil, lane.running == 0, !lane.isQueued,
      lane.circuit.failures == 0 && lane.standing == .fresh || lanes.count > HostSchedule.mostRemembered
    else { return }
    if lane.circuit.mend() { rested(.address(lane.address), nil) }
    lanes[lane.address] = nil
    lane.tenant.laneCount -= 1
    forget(lane.tenant)
  }

  private func forget(_ tenant: Tenant) {
    let host = tenant.host
    guard tenant.laneCount == 0, tenant.running == 0, !tenant.isQueued.contains(true),
      tenant.circuit.failures == 0 || lanes.count >= HostSchedule.mostRemembered,
      host.tenants[tenant.workspaceID] === tenant
    else { return }
    if tenant.circuit.mend() { rested(.workspace(tenant.workspaceID, host: host.origin), nil) }
    host.tenants[tenant.workspaceID] = nil
    forget(host)
  }

  private func forget(_ host: Host) {
    guard host.tenants.isEmpty, host.running == 0, !host.isQueued.contains(true),
      host.circuit.failures == 0 || lanes.count >= HostSchedule.mostRemembered, hosts[host.origin] === host
    else { return }
    if host.circuit.mend() { rested(.host(host.origin), nil) }
    hosts[host.origin] = nil
  }

  /// Readies what has its time come.
  private func look(_ now: Timestamp, _ monotonic: Int64) {
    while let (due, lane) = dues.pop(upTo: now.milliseconds) {
      guard lane.nextDue?.milliseconds == due else { continue }
      lane.nextDue = nil
      lane.hasDue = true
      settle(lane, monotonic)
    }
    while let (moment, resting) = mendings.pop(upTo: monotonic) {
      guard resting.restsUntil == moment else { continue }
      switch resting {
      case .host(let host): settle(host, monotonic)
      case .tenant(let tenant): settle(tenant, monotonic)
      case .lane(let lane): settle(lane, monotonic)
      }
    }
  }
}
