import TesseraCore
import TesseraStores

/// Parameters that several commands have.
enum CommonParameters {
    static let json = Parameter.flag("--json", "Print JSON.")

    static let database = Parameter.option(
        "--database", .database, default: "sqlite:tessera.db", "Where everything is kept.",
        environment: "TESSERA_DATABASE")

    static let configuration = Parameter.option(
        ArgumentReader.configurationOption, .file, "A file of NAME=value lines to read settings from.")

    static let tokenPrefix = Parameter.option(
        "--token-prefix", .tokenPrefix,
        "What new personal tokens begin with; as in this installation if not given, and tcp in a new one.",
        environment: "TESSERA_TOKEN_PREFIX")

    static let passwordFile = Parameter.option(
        "--password-file", .file, "A file with the password; without it, standard input is read.")

    static let yes = Parameter.flag("--yes", "Do not ask.")

    /// What every command needs that opens the database.
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
        ArgumentKind("ABC", "three lower-case letters") { TokenPrefix($0) }
    }
}
