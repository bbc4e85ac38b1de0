/// Which rows a change locks that others want as well, and keeps until the commit.
///
/// Changes that share a transaction hold their locks together. Two transactions that take the same ones in different
/// orders would wait for each other until the server ends one, a second later; so all take them in one order.
package enum PostgresLock: Sendable, Hashable {
    /// None but of rows that it makes.
    case none
    /// One row, by its identifier.
    case one(high: UInt64, low: UInt64)
    /// Rows of several identifiers. Such a change shares its transaction with no other.
    case several
}

extension PostgresLock: Comparable {
    /// The order in which the changes of a transaction are sent.
    package static func < (left: PostgresLock, right: PostgresLock) -> Bool {
        switch (left, right) {
        case (.one(let leftHigh, let leftLow), .one(let rightHigh, let rightLow)):
            (leftHigh, leftLow) < (rightHigh, rightLow)
        case (.none, .one), (.none, .several), (.one, .several): true
        default: false
        }
    }
}
