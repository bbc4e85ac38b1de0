import TesseraCore
import TesseraHosting
import TesseraServer
import TesseraStores

/// `tessera fixtures bulk`
enum FixturesBulk {
    private static let count = Parameter.required(
        "--tokens", .number("N", in: 1...100_000_000), "The number of tokens.")
    private static let file = Parameter.required(
        "--tokens-file", .file, "The file for the tokens, one on each line, readable only by its owner.")

    static let command = Command(
        "bulk", "Fill a database with many tokens, for benchmarks.",
        details: """
            The tokens belong to 1,000 users who cannot sign in, and are valid for a year. Delete the file \
            and the database when you no longer need them.
            """,
        parameters: [count, file] + TokenParameters.workspace,
        examples: ["tessera fixtures bulk --tokens 1000000 --tokens-file tokens --database sqlite:bench.db"],
        database: .changes
    ) { invocation in
        let output = try TokenFile(creating: invocation[file])
        let database = try await Workspace.openMigrated(invocation)
        defer { database.close() }
        let prefixes = try await TokenPrefixes.load(
            from: database.store, wanted: invocation[CommonParameters.tokenPrefix], role: .command,
            at: WallClock.system.now)
        let filling = BulkFixtures(database: database, format: prefixes.format)
        let owners = try await filling.owners()
        let total = invocation[count]
        var done = 0
        while done < total {
            let size = min(BulkFixtures.batch, total - done)
            try output.append(try await filling.insert(size, of: owners, from: done))
            done += size
            if done % 100_000 == 0 || done == total { invocation.console.note("\(done) of \(total)") }
        }
    }
}
