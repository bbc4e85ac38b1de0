import Tessera

/// The number of a page of a list; the first is 1.
struct PageNumber: Sendable, Hashable {
    /// The number of items on a page.
    static let size = 10
    /// Far beyond any list, and far from where an offset would overflow.
    static let highest: Int64 = 1_000_000_000

    let number: Int

    static let first = PageNumber(1)!

    init?(_ number: Int) {
        guard (1...Self.highest).contains(Int64(number)) else { return nil }
        self.number = number
    }

    /// The number of items on the pages before.
    var offset: Int { (number - 1) * Self.size }
}

extension APIOperation.Parameter {
    static let page = query("page", .integer(1...PageNumber.highest), "The first page is 1.")
}
