import Glibc
import TesseraCore
import TesseraServer
import TesseraStores
import TesseraTime

/// The database and the services over it, for as long as one command runs.
struct Workspace: Sendable {
    let authority: Authority

    /// The instant of the command; taken once.
    let now: NumericDate

    var store: any Store { authority.store }

    /// Opens the database and closes it again when `body` is done.
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

    /// Opens the database that was named, for the use that the command has declared.
    ///
    /// - Parameters:
    ///   - migrate: Whether pending migrations are applied in any case, also those that were taken back.
    ///   - isServing: True for a process that goes on until it is told to end.
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

    /// The command that helps, where migrations are pending; empty where another version of the program is needed.
    private static func remedy(for error: StoreError, _ database: Database) async -> String {
        guard error.code == .notMigrated, let migrations = try? await database.migrations(),
            migrations.contains(where: { !$0.isApplied })
        else { return "" }
        return " ‘tessera migrate up’ applies what is pending, and so does ‘tessera serve --migrate’."
    }

    /// Opens the database that was named, as it is. A command that needs one does not make it.
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

    /// Opening a SQLite file would make it, and would write into one that is empty.
    static func requireDatabase(_ invocation: Invocation) throws(Failure) {
        if let absence = absence(of: invocation[CommonParameters.database]) { throw Failure(absence) }
    }

    /// The reason why there is no database at a path, in a sentence; `nil` where a file is that is not empty, which must be
    /// opened to learn more.
    static func absence(of url: DatabaseURL) -> String? {
        guard case .sqlite(let path) = url else { return nil }
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            guard errno == ENOENT else { return nil }
            // Any other obstacle, such as a missing directory, is explained when the file is opened.
            let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
            return access(directory, F_OK) == 0 ? "\(url): there is no such file." : nil
        }
        return facts.st_size > 0
            ? nil : "\(url): the file is empty. ‘tessera migrate up’ makes a database of it."
    }

    /// A sentence that names the database, whatever the store says.
    private static func failure(_ error: StoreError, _ invocation: Invocation) -> Failure {
        switch invocation[CommonParameters.database] {
        case .sqlite(let path) where error.sentence.contains(path): Failure(error.sentence)
        case .sqliteInMemory: Failure(error.sentence)
        case let url: Failure("\(url): \(error.sentence)")
        }
    }

    /// The user with this address.
    func user(_ email: EmailAddress) async throws -> User {
        guard let user = try await store.user(email: email) else {
            throw Failure("there is no user \(email).")
        }
        return user
    }

    /// The token with this identifier.
    func token(_ id: AccessToken.ID) async throws -> AccessToken {
        guard let token = try await store.token(id) else { throw Failure("there is no token \(id).") }
        return token
    }

    /// Every user, in the order they were made.
    func allUsers() async throws -> [User] {
        var users: [User] = []
        while true {
            let page = try await store.users(after: users.last?.id, limit: 1_000)
            users += page
            if page.count < 1_000 { return users }
        }
    }

    /// Every token of one owner (of everybody for `nil`), newest first.
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
    /// The instant to the second, as tables show it.
    var inTable: String { NumericDate(seconds: seconds).rfc3339 }
}
