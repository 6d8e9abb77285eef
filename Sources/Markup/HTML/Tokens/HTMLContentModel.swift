/// How the tokenizer reads what is between tags; the tree chooses it after some start tags.
package enum HTMLContentModel: Sendable {
  case data
  /// Character references, but no tags except the end tag of the element: `title`, `textarea`.
  case escapableRawText
  /// Neither: `style`, `xmp`, `iframe`, `noembed`, `noframes`.
  case rawText
  case script
  case plainText
  /// The inside of `<![CDATA[`.
  case section
}
