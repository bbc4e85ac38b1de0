/// The rows that a change locks until its commit, and that other changes may want too.
///
/// Changes that share a transaction hold their locks together. Two transactions that take the same locks in different orders
/// would deadlock, and the server ends one of them a second later. So all transactions take locks in one order.
package enum PostgresLock: Sendable, Hashable {
    /// No row, except rows that the change creates.
    case none
    /// One row, by its identifier.
    case one(high: UInt64, low: UInt64)
    /// Rows of several identifiers. Such a change has a transaction of its own.
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
