/// The ends of raw HTML that are known not to come any more, so that they are not looked for again.
struct MarkdownMissingEnds {
  var comment = false
  var instruction = false
  var declaration = false
  var section = false
}
