import Glibc
import TesseraCore
import TesseraServer
import TesseraStores
import TesseraTime

/// The database and the services that use it, for one run of a command.
struct Workspace: Sendable {
    let authority: Authority

    /// The time of the command, taken once.
    let now: NumericDate

    var store: any Store { authority.store }

    /// Opens the database, and closes it when `body` returns.
    static func open<Result>(
        _ invocation: Invocation, prefix: TokenPrefix? = nil, policy: TokenPolicy = TokenPolicy(),
        _ body: (Workspace) async throws -> Result
    ) async throws -> Result {
        let database = try await openMigrated(invocation)
        defer { database.close() }
        var configuration = AuthorityConfiguration(issuer: "http://localhost")
        configuration.tokenCacheCapacity = 0
        configuration.tokenPrefix = prefix
        configuration.tokenPrefixRole = invocation.database == .changes ? .command : .reader
        configuration.tokenPolicy = policy
        let authority = try await Authority(configuration, store: database.store)
        return try await body(Workspace(authority: authority, now: authority.clock.now))
    }

    /// Opens the named database for the use that the command declares.
    ///
    /// - Parameters:
    ///   - migrate: Applies all pending migrations, including reverted ones.
    ///   - isServing: `true` for a process that runs until it is stopped.
    static func openMigrated(
        _ invocation: Invocation, migrate: Bool = false, isServing: Bool = false
    ) async throws(Failure) -> Database {
        let database = try await openDatabase(invocation, isServing: isServing)
        do throws(StoreError) {
            if migrate {
                try await database.migrate(evenIfTakenBack: true)
            } else if database.migratesItself, invocation.database == .changes {
                try await database.migrate()
            }
            try await database.store.checkReadiness()
            return database
        } catch {
            let hint = await remedy(for: error, database)
            database.close()
            throw failure(StoreError(error.code, error.sentence + hint), invocation)
        }
    }

    /// The hint to migrate, if migrations are pending; empty if a different version of the program is needed.
    private static func remedy(for error: StoreError, _ database: Database) async -> String {
        guard error.code == .notMigrated, let migrations = try? await database.migrations(),
            migrations.contains(where: { !$0.isApplied })
        else { return "" }
        return " Apply pending migrations with ‘tessera migrate up’ or ‘tessera serve --migrate’."
    }

    /// Opens the named database unchanged. Does not create it for a command that needs an existing one.
    static func openDatabase(
        _ invocation: Invocation, isServing: Bool = false
    ) async throws(Failure) -> Database {
        if invocation.database.needsDatabase { try requireDatabase(invocation) }
        do {
            return try await Database.open(
                invocation[CommonParameters.database], isShortLived: !isServing)
        } catch {
            throw failure(error, invocation)
        }
    }

    /// Checks that the file exists, because opening a missing or empty SQLite file would write a database.
    static func requireDatabase(_ invocation: Invocation) throws(Failure) {
        if let absence = absence(of: invocation[CommonParameters.database]) { throw Failure(absence) }
    }

    /// A sentence with the reason why there is no database at a path; `nil` if there is a file that is not empty and
    /// must be opened.
    static func absence(of url: DatabaseURL) -> String? {
        guard case .sqlite(let path) = url else { return nil }
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            guard errno == ENOENT else { return nil }
            // Other problems, such as a missing directory, are reported when the file is opened.
            let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
            return access(directory, F_OK) == 0 ? "\(url): no such file." : nil
        }
        return facts.st_size > 0
            ? nil : "\(url): the file is empty. Create the database with ‘tessera migrate up’."
    }

    /// A failure whose sentence names the database.
    private static func failure(_ error: StoreError, _ invocation: Invocation) -> Failure {
        switch invocation[CommonParameters.database] {
        case .sqlite(let path) where error.sentence.contains(path): Failure(error.sentence)
        case .sqliteInMemory: Failure(error.sentence)
        case let url: Failure("\(url): \(error.sentence)")
        }
    }

    /// Returns the user with this address.
    ///
    /// - Throws: ``Failure`` if there is none.
    func user(_ email: EmailAddress) async throws -> User {
        guard let user = try await store.user(email: email) else {
            throw Failure("there is no user \(email).")
        }
        return user
    }

    /// Returns the token with this identifier.
    ///
    /// - Throws: ``Failure`` if there is none.
    func token(_ id: AccessToken.ID) async throws -> AccessToken {
        guard let token = try await store.token(id) else { throw Failure("there is no token \(id).") }
        return token
    }

    /// Returns all users in order of creation.
    func allUsers() async throws -> [User] {
        var users: [User] = []
        while true {
            let page = try await store.users(after: users.last?.id, limit: 1_000)
            users += page
            if page.count < 1_000 { return users }
        }
    }

    /// Returns all tokens of one owner, or of all owners for `nil`, newest first.
    func allTokens(of owner: User.ID?) async throws -> [AccessToken] {
        var tokens: [AccessToken] = []
        while true {
            let page = try await store.tokens(of: owner, before: tokens.last?.id, limit: 1_000)
            tokens += page
            if page.count < 1_000 { return tokens }
        }
    }
}

extension NumericDate {
    /// The time to the second, as in tables.
    var inTable: String { NumericDate(seconds: seconds).rfc3339 }
}
