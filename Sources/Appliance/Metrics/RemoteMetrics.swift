import Conversion

/// What `/metrics` shows of work on other machines; nothing where none have been seen.
struct RemoteMetrics: Sendable {
  let line: AssignmentLine

  func write(_ text: inout MetricsText) {
    let (takers, nodes) = (line.takers.sorted { $0.key < $1.key }, line.figures.figures.sorted { $0.key < $1.key })
    guard !takers.isEmpty || !nodes.isEmpty else { return }
    text.family(
      "wonder_remote_places", .gauge, "Orders that may be on other machines at once, by who takes them there.")
    for (taker, places) in takers { text.sample(Int64(places), ["taker": taker]) }
    text.figure(
      "wonder_remote_orders", .gauge, "Orders that are on other machines or wait for one.", Int64(line.spoken))
    text.family("wonder_node_orders_total", .counter, "Orders by the machine that had them, and what became of them.")
    for (node, figures) in nodes {
      text.sample(figures.done, ["node": node, "outcome": "done"])
      text.sample(figures.lost, ["node": node, "outcome": "lost"])
      text.sample(figures.refused, ["node": node, "outcome": "refused"])
    }
    text.family("wonder_node_seconds_total", .counter, "How long machines were at work on orders.")
    for (node, figures) in nodes { text.sample(figures.seconds, ["node": node]) }
  }
}
