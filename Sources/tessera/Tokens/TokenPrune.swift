import TesseraCore
import TesseraTime

/// `tessera token prune`
enum TokenPrune {
    /// The number of tokens deleted in one transaction; small, so that a running server does not have to wait.
    private static let step = 1_000

    static let command = Command(
        "prune", "Delete expired and revoked tokens.",
        details: """
            A server does this automatically 30 days after the end of a token, or after the time of ‘serve \
            --keep-dead-tokens’. Until then, a refusal states the reason; afterwards the token is unknown.
            """,
        parameters: CommonParameters.workspace,
        examples: ["tessera token prune"],
        database: .changes
    ) { invocation in
        let count = try await Workspace.open(invocation) { workspace in
            var count = 0
            while true {
                let deleted = try await workspace.store.pruneTokens(deadBefore: workspace.now, limit: step)
                count += deleted
                if deleted < step { return count }
            }
        }
        invocation.console.note("deleted \(count)")
    }
}
