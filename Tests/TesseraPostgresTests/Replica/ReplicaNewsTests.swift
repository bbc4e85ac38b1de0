import Testing

@testable import TesseraPostgres

@Suite struct ReplicaNewsTests {
    /// The news after each event in turn.
    private func told(_ happenings: [(inout ReplicaNews) -> ReplicaNotice?]) -> [ReplicaNotice?] {
        var news = ReplicaNews()
        return happenings.map { $0(&news) }
    }

    @Test func eachChangeOfAvailabilityIsReportedOnce() {
        let notices = told([
            { $0.fail("away") }, { $0.fail("still away") }, { $0.use() }, { $0.use() }, { $0.fail("again") },
        ])
        #expect(notices == [.unused(why: "away"), nil, .used, nil, .unused(why: "again")])
    }

    @Test func lastingLagIsReported() {
        let patience = ReplicaNews.patience
        let notices = told([
            { $0.use() }, { $0.lag("behind", 10) }, { $0.lag("behind", 9 + patience) },
            // The replica has caught up, and a new lag begins.
            { $0.use() }, { $0.lag("behind", 10 + patience) }, { $0.lag("behind", 10 + 2 * patience) },
            { $0.lag("behind", 10 + 9 * patience) }, { $0.use() },
        ])
        #expect(notices == [.used, nil, nil, nil, nil, .unused(why: "behind"), nil, .used])
    }
}
