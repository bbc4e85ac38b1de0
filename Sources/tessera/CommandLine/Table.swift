/// Rows in columns as wide as they need to be. Nothing is cut.
struct Table: CustomStringConvertible {
    private let rows: [[String]]

    /// - Parameter heading: One word or two for each column.
    init(_ heading: [String], _ rows: [[String]]) {
        self.rows = [heading] + rows.map { $0.map(Printable.escaped) }
    }

    /// Without a line end behind the last row.
    var description: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).enumerated().map { index, cell in
                // The last column needs no filling up.
                index == widths.count - 1
                    ? cell.0 : cell.0 + String(repeating: " ", count: cell.1 - cell.0.count)
            }
            return cells.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
