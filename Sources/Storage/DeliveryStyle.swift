/// How a message is worded, signed and retried: webhooks in the words of each API and of Standard Webhooks, and mail.
package enum DeliveryStyle: String, Sendable, CaseIterable {
  case wonder, api2convert, convertly, enconvert, koalapic, standard, mail
}
