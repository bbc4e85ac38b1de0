/// Rows with columns as wide as their longest cell. Nothing is truncated.
struct Table: CustomStringConvertible {
    private let rows: [[String]]

    /// Makes a table.
    ///
    /// - Parameter heading: One or two words for each column.
    init(_ heading: [String], _ rows: [[String]]) {
        self.rows = [heading] + rows.map { $0.map(Printable.escaped) }
    }

    /// The text without a line end after the last row.
    var description: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).enumerated().map { index, cell in
                // The last column needs no padding.
                index == widths.count - 1
                    ? cell.0 : cell.0 + String(repeating: " ", count: cell.1 - cell.0.count)
            }
            return cells.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
