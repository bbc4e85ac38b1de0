@main
enum Main {
    static func main() async {
        ProcessEnvironment.silenceDispatch()
        let arguments = ProcessArguments.all
        ProcessArguments.hidePasswords()
        await Program(root: .tessera, version: version).run(arguments)
    }

    /// The version of the program, and of the project.
    static let version = "0.1.0"
}

extension Command {
    /// The program itself. A new command is added to its group, in a file of its own.
    static let tessera = Command(
        "tessera", "A self-hosted authority of access tokens for HTTP APIs.",
        details: """
            Every option that names an environment variable can be set there too, or in a file given with --config, \
            one NAME=value a line. Options come first, then the environment, then the file.
            """,
        examples: [
            "tessera user add ada@example.com", "tessera token create --user ada@example.com --name backup",
            "tessera serve",
        ],
        subcommands: [
            Serve.command, .migrate, .user, .token, .scope, Explain.command, Status.command, Backup.command,
            Restore.command,
            .fixtures,
        ])

    private static let migrate = Command(
        "migrate", "The schema of the database.",
        subcommands: [MigrateStatus.command, MigrateUp.command, MigrateDown.command, MigrateCopy.command])

    private static let user = Command(
        "user", "People who sign in and own tokens.",
        subcommands: [
            UserAdd.command, UserList.command, UserPassword.command, UserDisable.command, UserEnable.command,
            UserRemove.command,
        ])

    private static let token = Command(
        "token", "Access tokens.",
        subcommands: [
            TokenCreate.command, TokenList.command, TokenRotate.command, TokenRename.command,
            TokenExpire.command, TokenDisable.command, TokenEnable.command, TokenRevoke.command,
            TokenInspect.command, TokenRequests.command, TokenPrune.command,
        ])

    private static let scope = Command(
        "scope", "The catalogue of permissions.",
        subcommands: [ScopeList.command, ScopeAdd.command, ScopeRemove.command])

    private static let fixtures = Command(
        "fixtures", "Data for development and measuring.",
        subcommands: [FixturesLoad.command, FixturesBulk.command])
}
