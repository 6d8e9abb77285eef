import Formats

/// What a process has used, as the kernel counted it.
package struct ResourceUsage: Sendable, Equatable {
  package let processorMicroseconds: Int64
  package let peakKibibytes: Int64
}
