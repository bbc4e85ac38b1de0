/// The answers to the steps of a change, in order.
package struct PostgresAnswers: Sendable {
    private let results: ArraySlice<PostgresResult>

    init(_ results: [PostgresResult]) { self.results = results[...] }

    private init(_ results: ArraySlice<PostgresResult>) { self.results = results }

    /// The answers of the steps behind the first `count`.
    package func behind(_ count: Int) -> PostgresAnswers { PostgresAnswers(results.dropFirst(count)) }

    /// The number of rows that a step changed or returned.
    package func affected(_ step: Int) -> Int { self[step].affected }

    /// The rows that a step returned.
    package func rows<Value>(
        _ step: Int, _ read: (borrowing PostgresRow) throws -> Value
    ) throws -> [Value] {
        let result = self[step]
        var values: [Value] = []
        values.reserveCapacity(Int(result.rowCount))
        for row in 0..<result.rowCount { values.append(try read(PostgresRow(result, row))) }
        return values
    }

    /// The first row that a step returned.
    package func first<Value>(
        _ step: Int, _ read: (borrowing PostgresRow) throws -> Value
    ) throws -> Value? {
        let result = self[step]
        return result.rowCount == 0 ? nil : try read(PostgresRow(result, 0))
    }

    private subscript(step: Int) -> PostgresResult { results[results.startIndex + step] }
}
