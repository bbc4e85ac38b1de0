import TesseraCore
import TesseraCrypto

/// The payload of a notification, with which a node tells the others of a change to something that they may remember.
///
/// The statement that makes the change sends it, if it changes something. The server delivers it only when the change is
/// committed.
///
/// CockroachDB and YugabyteDB have no notifications: there, every node would have to poll a table of revocations.
enum PostgresSignal {
    static let channel = "tessera"
    /// The beginning of every notification in SQL.
    static let call = "pg_notify('\(channel)', "

    /// SQL that tells of one token, by its digest in hexadecimal digits.
    ///
    /// - Parameter digest: An expression of the type `bytea`.
    static func token(_ digest: String) -> String { notify("'t:' || encode(\(digest), 'hex')") }

    /// SQL that tells of an account and all its tokens.
    ///
    /// - Parameter id: An expression of the type `uuid`.
    static func account(_ id: String) -> String { notify("'u:' || \(id)") }

    /// SQL that tells of the catalogue of scopes.
    static let catalogue = notify("'s:'")

    /// SQL that tells of everything.
    static let everything = notify("'*:'")

    /// The change that a payload describes. An unknown payload comes from a newer version and may describe any change.
    static func read(_ payload: String) -> StoreChange {
        let subject = payload.dropFirst(2)
        switch payload.prefix(2) {
        case "t:":
            if let digest = TokenDigest(hexadecimal: subject) { return .token(digest) }
        case "u:":
            if let id = User.ID(String(subject)) { return .account(id) }
        case "s:": return .scopes
        default: break
        }
        return .everything
    }

    private static func notify(_ payload: String) -> String { "\(call)\(payload))" }
}

extension TokenDigest {
    /// Reads 64 lower-case digits, as PostgreSQL writes them.
    fileprivate init?(hexadecimal text: Substring) {
        var bytes: [UInt8] = []
        var pending: UInt8?
        for character in text.utf8 {
            let value: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = character - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = pending {
                bytes.append(first << 4 | value)
                pending = nil
            } else {
                pending = value
            }
        }
        guard pending == nil else { return nil }
        self.init(bytes: bytes)
    }
}
