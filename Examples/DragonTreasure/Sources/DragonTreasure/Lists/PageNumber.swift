/// Which page of a list is meant, the first being 1.
struct PageNumber: Sendable, Hashable {
    /// How many things a page holds.
    static let size = 10
    /// Far beyond any list, and far from where an offset would overflow.
    private static let highest = 1_000_000_000

    let number: Int

    static let first = PageNumber(1)!

    init?(_ number: Int) {
        guard (1...Self.highest).contains(number) else { return nil }
        self.number = number
    }

    /// How many things stand on the pages before.
    var offset: Int { (number - 1) * Self.size }
}
