import TesseraCore
import TesseraStores

/// Parameters that several commands share.
enum CommonParameters {
    static let json = Parameter.flag("--json", "Print JSON.")

    static let database = Parameter.option(
        "--database", .database, default: "sqlite:tessera.db",
        "The database URL: sqlite:PATH or postgres://…",
        environment: "TESSERA_DATABASE")

    static let configuration = Parameter.option(
        ArgumentReader.configurationOption, .file, "A configuration file with NAME=value lines.")

    static let tokenPrefix = Parameter.option(
        "--token-prefix", .tokenPrefix,
        "The prefix of new personal tokens. The default is that of the installation, and tcp for a new one.",
        environment: "TESSERA_TOKEN_PREFIX")

    static let passwordFile = Parameter.option(
        "--password-file", .file, "A file with the password. The default is standard input.")

    static let yes = Parameter.flag("--yes", "Do not ask for confirmation.")

    /// The parameters of every command that opens the database.
    static let workspace: [any AnyParameter] = [database, configuration]
}

extension ArgumentKind<DatabaseURL> {
    static var database: ArgumentKind {
        ArgumentKind("URL") { text throws(ArgumentKindError) in
            do throws(DatabaseURL.Invalid) {
                return try DatabaseURL(text)
            } catch {
                throw ArgumentKindError(error.sentence)
            }
        }
    }
}

extension ArgumentKind<TokenPrefix> {
    static var tokenPrefix: ArgumentKind {
        ArgumentKind("ABC", "three lowercase letters") { TokenPrefix($0) }
    }
}
