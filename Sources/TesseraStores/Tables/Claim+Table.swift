import TesseraCore
import TesseraTime

/// The table of claims: the claim, and behind it the answer to the attempt that holds it.
extension Claim {
    static let columns = [
        Column("key", .bytes), Column("holder", .identifier), Column("fingerprint", .bytes),
        Column("claimed_at", .instant), Column("expires_at", .instant),
    ]
    /// All columns of a claim.
    static let storedColumns = columns + ClaimedAnswer.columns

    /// The values of ``columns``.
    func values<Value: BoundValue>() -> [Value] {
        [
            .digest(key), .identifier(holder), .digest(fingerprint), .instant(claimedAt),
            .instant(expiresAt),
        ]
    }

    init(_ row: borrowing some ResultRow & ~Copyable) throws(StoreError) {
        self.init(
            key: try row.digest(0), holder: try row.identifier(1), fingerprint: try row.digest(2),
            claimedAt: try row.instant(3), expiresAt: try row.instant(4))
    }
}

extension ClaimedAnswer {
    static let columns = [
        Column("status", .integer), Column("location", .text), Column("media_type", .text),
        Column("body", .bytes),
    ]

    /// The values of ``columns``.
    func values<Value: BoundValue>() -> [Value] {
        [.integer(status), .text(location), .text(mediaType), .bytes(body)]
    }

    /// Reads the answer behind a claim; `nil` while the result of the attempt is not known.
    init?(_ row: borrowing some ResultRow & ~Copyable) throws(StoreError) {
        guard let status = try row.integerOrNil(5) else { return nil }
        self.init(
            status: Int(status), location: try row.textOrNil(6), mediaType: try row.textOrNil(7),
            body: try row.bytes(8))
    }
}
