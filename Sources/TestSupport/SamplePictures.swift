import Basics
import Storage

/// Pictures to try things on.
package enum SamplePictures {
  /// The picture that the server offers as /samples/photo.png: RGB, 320 x 213.
  package static var photo: [UInt8] { EmbeddedFile.find("samples/photo.png")?.bytes ?? [] }
}
