public import Tessera

extension TreasureStore {
    /// The number of treasures that ``loadFixtures(owners:seed:)`` adds.
    private static let fixtureCount = 40
    private static let publishedFixtureCount = 27

    /// Adds treasures for development, the same for the same seed and owners. Existing ones stay as
    /// they are, so that a restart changes nothing.
    ///
    /// - Parameter owners: The owners, in turn; at least one.
    public func loadFixtures(owners: [User], seed: UInt64) async throws {
        var draws = SeededNumbers(seed: seed)
        let isPublished = (0..<Self.fixtureCount).map { $0 < Self.publishedFixtureCount }
            .shuffled(using: &draws)
        let treasures = isPublished.enumerated().map { index, isPublished in
            // A UUIDv7 (RFC 9562 §5.7): made one an hour since the beginning of 2026.
            let milliseconds = UInt64(1_767_225_600 + index * 3_600) * 1_000
            let id = Treasure.ID(
                high: milliseconds << 16 | 0x7000, low: 0x8000_0000_0000_0000 | draws.next() >> 2)
            var treasure = Treasure(
                id: id, owner: owners[index % owners.count].id,
                name: Hoard.name(index, seed: seed), description: Hoard.description(index))
            treasure.value = Int64.random(in: 0...5_000, using: &draws)
            treasure.coolFactor = Int64.random(in: 0...10, using: &draws)
            treasure.isPublished = isPublished
            // For one in four, the instant is not known.
            if Int.random(in: 0..<4, using: &draws) > 0 {
                treasure.plunderedAt = NumericDate(
                    seconds: Int64.random(in: 946_684_800..<1_767_225_600, using: &draws))
            }
            return treasure
        }
        try await insertMissing(treasures, by: .system, at: NumericDate(seconds: 0))
    }
}
