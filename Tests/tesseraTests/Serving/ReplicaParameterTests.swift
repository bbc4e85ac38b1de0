import TesseraPostgres
import TesseraStores
import Testing

@testable import tessera

@Suite struct ReplicaParameterTests {
    private func invocation(
        _ arguments: String..., environment: [String: String] = [:]
    ) throws -> Invocation {
        let reader = ArgumentReader(root: .tessera, environment: environment) { throw Failure("no \($0)") }
        guard case .run(let command, let values) = try reader.read(["serve"] + arguments) else {
            throw Failure("runs nothing")
        }
        return Invocation(values, of: command, console: Console(output: { _ in }, error: { _ in }))
    }

    @Test func aReplicaOfAPostgreSQLDatabaseIsTaken() throws {
        let given = try invocation("--database", "postgres://a/t", "--replica", "postgres://b/t")
        try ReplicaParameter.check(given)
        #expect(given[ReplicaParameter.replica]?.description == "postgres://b/t")
        let inherited = try invocation(
            environment: ["TESSERA_DATABASE": "postgres://a/t", "TESSERA_REPLICA": "postgres://b/t"])
        try ReplicaParameter.check(inherited)
        #expect(inherited[ReplicaParameter.replica]?.description == "postgres://b/t")
        try ReplicaParameter.check(invocation())
    }

    @Test(arguments: ["sqlite:tessera.db", "sqlite::memory:"])
    func aFileHasNoReplica(database: String) throws {
        let given = try invocation("--database", database, "--replica", "postgres://b/t")
        #expect(throws: UsageError.self) { try ReplicaParameter.check(given) }
    }

    @Test(arguments: ["sqlite:tessera.db", "b/t", "postgres://ada:secret@word@b/t", ""])
    func anythingElseIsWrongUsage(replica: String) throws {
        let error = #expect(throws: UsageError.self) {
            try invocation("--database", "postgres://a/t", "--replica", replica)
        }
        #expect(error?.sentence.contains("secret") == false)
    }

    @Test func onlyTheServerHasOne() {
        let reader = ArgumentReader(root: .tessera, environment: [:]) { throw Failure("no \($0)") }
        #expect(throws: UsageError.self) { try reader.read(["user", "list", "--replica", "postgres://b/t"]) }
    }
}
