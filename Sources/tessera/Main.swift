@main
enum Main {
    static func main() async {
        ProcessEnvironment.silenceDispatch()
        let arguments = ProcessArguments.all
        ProcessArguments.hidePasswords()
        await Program(root: .tessera).run(arguments)
    }
}

extension Command {
    /// The complete program. To add a command, write it in its own file and add it to its group here.
    static let tessera = Command(
        "tessera", "A self-hosted authority for access tokens of HTTP APIs.",
        details: """
            An option with an environment variable can also be set by that variable, or in a file given with --config, \
            with one NAME=value on each line. Options take precedence over the environment, and the environment over the file.
            """,
        examples: [
            "tessera user add ada@example.com", "tessera token create --user ada@example.com --name backup",
            "tessera serve",
        ],
        subcommands: [
            Serve.command, .migrate, .user, .token, .scope, Explain.command, ShowStatus.command,
            Backup.command,
            Restore.command,
            .fixtures,
        ])

    private static let migrate = Command(
        "migrate", "Manage the database schema.",
        subcommands: [MigrateStatus.command, MigrateUp.command, MigrateDown.command, MigrateCopy.command])

    private static let user = Command(
        "user", "Manage users.",
        subcommands: [
            UserAdd.command, UserList.command, UserPassword.command, UserDisable.command, UserEnable.command,
            UserRemove.command,
        ])

    private static let token = Command(
        "token", "Manage access tokens.",
        subcommands: [
            TokenCreate.command, TokenList.command, TokenRotate.command, TokenRename.command,
            TokenExpire.command, TokenDisable.command, TokenEnable.command, TokenRevoke.command,
            TokenInspect.command, TokenRequests.command, TokenPrune.command,
        ])

    private static let scope = Command(
        "scope", "Manage the catalogue of scopes.",
        subcommands: [ScopeList.command, ScopeAdd.command, ScopeRemove.command])

    private static let fixtures = Command(
        "fixtures", "Load data for development and benchmarks.",
        subcommands: [FixturesLoad.command, FixturesBulk.command])
}
