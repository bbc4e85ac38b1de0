import Testing

@testable import TesseraServer

@Suite struct AssetsTests {
    @Test func pathsNameTheContent() {
        for asset in Assets.all {
            #expect(asset.path.wholeMatch(of: /\/assets\/[a-z]+-[0-9a-f]{12}\.(css|js|svg)/) != nil)
            #expect(!asset.bytes.isEmpty)
        }
        #expect(Set(Assets.all.map(\.path)).count == Assets.all.count)
    }

    @Test func mediaTypesAreThoseABrowserInsistsOn() {
        #expect(
            Set(Assets.all.map(\.mediaType)) == [
                "text/css; charset=utf-8", "text/javascript; charset=utf-8", "image/svg+xml",
            ])
        #expect(Assets.all.allSatisfy { $0.isScript == $0.mediaType.contains("javascript") })
    }
}
