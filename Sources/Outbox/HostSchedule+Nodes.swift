import Basics
import Storage

extension HostSchedule {
  /// A host: what limits all that goes to it, and the workspaces that take turns there.
  final class Host {
    let origin: String
    var tenants: [Int64?: Tenant] = [:]
    /// By standing, the workspaces that have an address there which may be ready.
    var lines = [WaitingLine<Tenant>](repeating: WaitingLine(), count: Standing.allCases.count)
    var isQueued = [Bool](repeating: false, count: Standing.allCases.count)
    var running = 0
    var isProven = false
    /// Counts what did not connect.
    var circuit = Circuit()

    init(_ origin: String) { self.origin = origin }

    var limit: Int {
      circuit.isBroken ? 1 : isProven ? HostSchedule.mostPerProvenHost : HostSchedule.mostPerHost
    }

    /// True when there may be a place for some workspace.
    var hasPlace: Bool { running < (circuit.isBroken ? 1 : HostSchedule.mostPerSharedHost) }

    /// A workspace without any request there has a place even when others hold all of them.
    func hasPlace(_ tenant: Tenant) -> Bool {
      hasPlace && tenant.running < tenant.limit && (running < limit || tenant.running == 0)
    }
  }

  /// A workspace on a host, and its addresses that take turns.
  final class Tenant {
    unowned let host: Host
    let workspaceID: Int64?
    /// By standing, the addresses that may be ready.
    var lines = [WaitingLine<Lane>](repeating: WaitingLine(), count: Standing.allCases.count)
    var isQueued = [Bool](repeating: false, count: Standing.allCases.count)
    var laneCount = 0
    var running = 0
    var isProven = false
    /// Counts addresses that connected and gave no answer.
    var circuit = Circuit()

    init(_ host: Host, _ workspaceID: Int64?) {
      self.host = host
      self.workspaceID = workspaceID
    }

    var limit: Int {
      circuit.isBroken ? 1 : isProven ? HostSchedule.mostPerProvenHost : HostSchedule.mostPerHost
    }
  }

  /// An address of a workspace.
  final class Lane {
    unowned let tenant: Tenant
    let address: DeliveryAddress
    var running = 0
    var standing = Standing.fresh
    /// Counts answers that tell of a failure, and answers that did not come.
    var circuit = Circuit()
    /// True when something may be due now.
    var hasDue = false
    /// When the next known one is due.
    var nextDue: Timestamp?
    var isQueued = false

    init(_ tenant: Tenant, _ address: DeliveryAddress) {
      self.tenant = tenant
      self.address = address
    }

    var limit: Int {
      circuit.isBroken ? 1 : standing == .proven ? HostSchedule.mostPerProvenHost : HostSchedule.mostPerHost
    }

    func isReady(at monotonic: Int64) -> Bool {
      hasDue && running < limit && !circuit.rests(at: monotonic)
    }
  }

  /// What may rest.
  enum Resting {
    case host(Host)
    case tenant(Tenant)
    case lane(Lane)

    var restsUntil: Int64 {
      switch self {
      case .host(let host): host.circuit.restsUntil
      case .tenant(let tenant): tenant.circuit.restsUntil
      case .lane(let lane): lane.circuit.restsUntil
      }
    }
  }
}
