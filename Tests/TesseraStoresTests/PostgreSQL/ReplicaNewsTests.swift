import Testing

@testable import TesseraStores

@Suite struct ReplicaNewsTests {
    @Test func eachComingAndGoingIsToldOnce() {
        var news = ReplicaNews()
        #expect(news.fail("away") == .unused(why: "away"))
        #expect(news.fail("still away") == nil)
        #expect(news.use() == .used)
        #expect(news.use() == nil)
        #expect(news.fail("away again") == .unused(why: "away again"))
    }

    @Test func beingBehindIsToldWhenItLasts() {
        var news = ReplicaNews()
        #expect(news.use() == .used)
        #expect(news.lag("behind", 10) == nil)
        #expect(news.lag("behind", 9 + ReplicaNews.patience) == nil)
        // It has caught up, and this is another time.
        #expect(news.use() == nil)
        #expect(news.lag("behind", 10 + ReplicaNews.patience) == nil)
        #expect(news.lag("behind", 10 + 2 * ReplicaNews.patience) == .unused(why: "behind"))
        #expect(news.lag("behind", 10 + 9 * ReplicaNews.patience) == nil)
        #expect(news.use() == .used)
    }
}
