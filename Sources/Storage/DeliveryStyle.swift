/// How a webhook is worded, signed and retried; one for each API, and Standard Webhooks.
package enum DeliveryStyle: String, Sendable, CaseIterable {
  case wonder, api2convert, convertly, enconvert, koalapic, standard
}
