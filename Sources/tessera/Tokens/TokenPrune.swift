import TesseraCore
import TesseraTime

/// `tessera token prune`
enum TokenPrune {
    /// How many are deleted in one transaction, so that a running server is not held up.
    private static let step = 1_000

    static let command = Command(
        "prune", "Delete the tokens that have expired or were revoked.",
        details: """
            A server does so by itself 30 days after their end, or when ‘serve --keep-dead-tokens’ says. Until then, who presents one is told why it is \
            refused; afterwards it is unknown.
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
