import TesseraCore
import TesseraCrypto

/// What a node tells the others when it has changed something that they may remember: the payload of a notification.
///
/// Sent by the statement that makes the change, and only when it changed something; the server delivers it when the
/// change is committed, and to no one otherwise.
///
/// CockroachDB and YugabyteDB know no notifications: there, a table of revocations that every node polls takes their
/// place.
enum PostgresSignal {
    static let channel = "tessera"
    /// How every statement begins to tell something; SQL.
    static let call = "pg_notify('\(channel)', "

    /// Tells of one token, by its digest in hexadecimal digits; SQL.
    ///
    /// - Parameter digest: An expression of the type `bytea`.
    static func token(_ digest: String) -> String { notify("'t:' || encode(\(digest), 'hex')") }

    /// Tells of an account and all its tokens; SQL.
    ///
    /// - Parameter id: An expression of the type `uuid`.
    static func account(_ id: String) -> String { notify("'u:' || \(id)") }

    /// Tells of the catalogue of scopes; SQL.
    static let catalogue = notify("'s:'")

    /// Tells of everything; SQL.
    static let everything = notify("'*:'")

    /// What a payload tells of. One that is not understood comes from a newer version, and may tell of anything.
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
    /// From 64 lower-case digits, as PostgreSQL writes them.
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
