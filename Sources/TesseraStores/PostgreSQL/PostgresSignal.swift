/// What a node tells the others when it has changed something that they may remember: the payload of a notification.
///
/// Sent by the statement that makes the change, and only when it changed something; the server delivers it when the
/// change is committed, and to no one otherwise.
///
/// CockroachDB and YugabyteDB know no notifications: there, a table of revocations that every node polls takes their
/// place.
enum PostgresSignal {
    static let channel = "tessera"

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

    private static func notify(_ payload: String) -> String { "pg_notify('\(channel)', \(payload))" }
}
