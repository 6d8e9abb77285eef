/// A change that pandoc makes to a document on the way, in its own Lua.
struct PandocFilter {
  let name: String
  let text: String

  /// Names a document that has no title after its first heading, for pages and books have to have one.
  static let title = PandocFilter(
    name: "title.lua",
    text: """
      function Pandoc(document)
        if document.meta.title or document.meta.pagetitle then return nil end
        local name = "Document"
        for _, block in ipairs(document.blocks) do
          if block.t == "Header" then
            name = pandoc.utils.stringify(block.content)
            break
          end
        end
        if FORMAT:match("^epub") then
          document.meta.title = name
        elseif FORMAT:match("^html") then
          document.meta.pagetitle = name
        end
        return document
      end
      """)

  /// Puts the description of a picture in its place.
  static let pictures = PandocFilter(
    name: "pictures.lua",
    text: """
      function Image(image)
        return image.caption
      end
      """)

  /// All of them by their names in the folder.
  static let files = Dictionary(uniqueKeysWithValues: [title, pictures].map { ($0.name, Array($0.text.utf8)) })
}
