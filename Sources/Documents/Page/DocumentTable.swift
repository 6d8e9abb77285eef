/// A table as its rows are gathered.
struct DocumentTable {
  struct Cell {
    var html: [UInt8] = []
    var columns = 1
    var rows = 1
  }

  private(set) var rows: [[Cell]] = []
  /// Whether the first row has the names of the columns.
  var hasHead = false
  /// Where the cell is that is open downwards from a column.
  private var open: [Int: (row: Int, cell: Int)] = [:]
  private var column = 0

  mutating func startRow() {
    rows.append([])
    column = 0
  }

  /// Adds a cell that stands on so many columns; one that goes on downwards may be met by `extend`.
  mutating func add(_ cell: Cell, isOpen: Bool = false) {
    guard !rows.isEmpty else { return }
    open[column] = isOpen ? (rows.count - 1, rows[rows.count - 1].count) : nil
    rows[rows.count - 1].append(cell)
    column += cell.columns
  }

  /// Makes the cell above this place one row longer; false where none is open there.
  mutating func extend(columns: Int) -> Bool {
    guard let place = open[column], place.row + rows[place.row][place.cell].rows == rows.count - 1 else { return false }
    rows[place.row][place.cell].rows += 1
    column += columns
    return true
  }

  /// Leaves columns out that a cell above stands on.
  mutating func skip(columns: Int) { column += columns }

  /// The table as HTML; empty where no cell says anything.
  var html: [UInt8] {
    guard rows.contains(where: { row in row.contains { !$0.html.isEmpty } }) else { return [] }
    var html: [UInt8] = []
    html.put("<table>\n" as StaticString)
    for (index, row) in rows.enumerated() {
      html.put("<tr>" as StaticString)
      let name: StaticString = hasHead && index == 0 ? "th" : "td"
      for cell in row {
        html.put("<\(name)")
        if cell.columns > 1 { html.put(" colspan=\"\(cell.columns)\"") }
        if cell.rows > 1 { html.put(" rowspan=\"\(cell.rows)\"") }
        html.append(UInt8(ascii: ">"))
        html += cell.html
        html.put("</\(name)>")
      }
      html.put("</tr>\n" as StaticString)
    }
    html.put("</table>\n" as StaticString)
    return html
  }
}
