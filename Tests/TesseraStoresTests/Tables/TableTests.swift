import TesseraCore
import TesseraCrypto
import TesseraTestKit
import Testing

@testable import TesseraStores

/// The lists of columns and of values stand beside each other. The store contract tests the third list, which reads them.
@Suite struct TableTests {
    private static let owner = User.make(disabledAt: fixtureInstant)
    private static let token = AccessToken.make(
        owner: owner, scope: [.tokensRead], revokedAt: fixtureInstant, suspendedAt: fixtureInstant,
        lastUsedAt: fixtureInstant, lastUsedFrom: ClientAddress(high: 0, low: 1),
        replaces: AccessToken.make(owner: owner).id, replacedBy: AccessToken.make(owner: owner).id)

    /// Each stored thing with a value in every column.
    private static let tables: [(columns: [Column], values: [PostgresValue])] = [
        (User.storedColumns, owner.values(passwordHash: "$x$")),
        (Session.storedColumns, Session.make(user: owner).values(TokenDigest.make(), of: owner.id)),
        (AccessToken.storedColumns, token.values(.make(), owner: .identifier(owner.id))),
        (AuditEvent.columns, AuditEvent.make(.signedIn).values()),
        (
            Refusal.columns,
            Refusal.make(
                cause: .insufficientScope, token: token.id, owner: owner.id, needed: [.tokensWrite],
                held: .empty, since: fixtureInstant
            ).values()
        ),
        (TokenRequest.columns, TokenRequest.make(token).values()),
        (Claim.columns, Claim.make().values()),
        (
            ClaimedAnswer.columns,
            ClaimedAnswer(status: 201, location: "/x", mediaType: "text/plain", body: [1]).values()
        ),
        (ScopeDefinition.columns, ScopeDefinition(.tokensRead, "See tokens").values()),
        (
            JobRun.columns,
            JobRun(.pruneTokens, at: fixtureInstant, duration: .zero, rows: 3, waiting: 2, complaint: "x")
                .values()
        ),
    ]

    @Test(arguments: tables.indices) func eachValueHasTheTypeOfItsColumn(_ index: Int) {
        let (columns, values) = Self.tables[index]
        #expect(values.count == columns.count)
        for (column, value) in zip(columns, values) where value != .null {
            #expect(column.element(value).type == column.elementType, "\(column.name)")
        }
    }

    @Test(arguments: tables.indices) func namesDifferFromEachOther(_ index: Int) {
        let columns = Self.tables[index].columns
        #expect(Set(columns.map(\.name)).count == columns.count)
        #expect(Set(columns.map(\.sqliteName)).count == columns.count)
    }

    @Test func keyOfATokenStandsBehindItsOtherValues() {
        let values = Self.token.values(.make(), owner: SQLiteValue.integer(7), key: .integer(8))
        #expect(values.count == AccessToken.storedColumns.count + 1)
        #expect(values[1 + AccessToken.ownerColumn] == .integer(7))
        #expect(values.last == .integer(8))
    }

    @Test func textIsWrittenForEachDatabase() {
        let columns = [Column.digest, .account, Column("scopes", .scope)]
        #expect(columns.sqliteNames == "digest, user_number, scopes")
        #expect(columns.sqliteParameters(account: "x") == "?, x, ?")
        #expect(columns.names(of: "t") == "t.digest, t.account_id, t.scopes")
        #expect(columns.parameters(from: 2) == ["$2::bytea", "$3::uuid", "$4::text[]"])
        #expect(
            columns.rows == """
                SELECT digest, account_id, string_to_array(scopes, ' ')
                FROM unnest($1::bytea[], $2::uuid[], $3::text[]) WITH ORDINALITY AS new (digest, account_id, scopes, place)
                """)
        #expect(
            columns.arrays([[.bytes([1]), .null, .texts(["a", "b"])]]) == [
                .array([.bytes([1])], of: .bytea), .array([.null], of: .uuid),
                .array([.text("a b")], of: .text),
            ])
    }
}
