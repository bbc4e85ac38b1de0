import Testing

@testable import tessera

@Suite struct DatabaseUseTests {
    /// Every command with its path, such as `token list`.
    private static let commands: [(path: String, command: Command)] = {
        func collect(_ command: Command, _ path: [String]) -> [(String, Command)] {
            command.action == nil
                ? command.subcommands.flatMap { collect($0, path + [$0.name]) }
                : [(path.joined(separator: " "), command)]
        }
        return collect(.tessera, [])
    }()

    @Test func commandsThatOnlyReadSaySo() {
        let reading = Self.commands.filter { $0.command.database == .reads }.map(\.path)
        #expect(
            reading.sorted() == [
                "backup", "explain", "migrate status", "scope list", "status", "token inspect", "token list",
                "token requests", "user list",
            ])
    }

    @Test func commandsWithADatabaseSayWhatTheyDoWithIt() {
        for (path, command) in Self.commands {
            let takesDatabase = command.parameters.contains { $0.shape.name == "--database" }
            #expect(takesDatabase == (command.database != .none) || path == "restore", "\(path)")
        }
        #expect(Self.commands.filter { $0.command.database == .takesBack }.map(\.path) == ["migrate down"])
    }
}
