import TesseraCore
import Testing

@Suite struct TokenMetadataTests {
    @Test func entriesComeInTheOrderOfTheirNames() throws {
        let metadata = try TokenMetadata(["b": "2", "a": "", "Z": "3"])
        #expect(metadata.entries.map(\.name) == ["Z", "a", "b"])
        #expect(metadata["a"]?.isEmpty == true)
        #expect(metadata["c"] == nil)
        #expect(try TokenMetadata([:]).isEmpty)
    }

    private static func many(_ count: Int) -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<count).map { ("n\($0)", "") })
    }

    @Test(arguments: [
        many(20), ["n": String(repeating: "é", count: 500)], [String(repeating: "n", count: 40): "x"],
        ["family": "👩‍👩‍👧"], ["n": "a b\u{A0}c"],
    ])
    func validEntriesAreAccepted(_ texts: [String: String]) throws {
        #expect(try TokenMetadata(texts).entries.count == texts.count)
    }

    @Test(arguments: [
        (many(21), "metadata"), (["n": String(repeating: "x", count: 501)], "metadata.n"),
        ([String(repeating: "n", count: 41): "x"], "metadata"), (["": "x"], "metadata"),
        (["n": "a\u{0}b"], "metadata.n"), (["n": "a\nb"], "metadata.n"), (["a\u{202E}b": "x"], "metadata"),
        (many(10).mapValues { _ in String(repeating: "x", count: 410) }, "metadata"),
    ])
    func invalidEntriesAreNamed(_ texts: [String: String], path: String) {
        let error = #expect(throws: InvalidInput.self) { try TokenMetadata(texts) }
        #expect(error?.problems.map(\.path) == [path])
    }

    @Test func lengthIsCountedInScalars() {
        let mark = "a" + String(repeating: "\u{301}", count: 600)
        #expect(throws: InvalidInput.self) { try TokenMetadata(["n": mark]) }
        #expect(throws: InvalidInput.self) { try TokenMetadata([mark: "x"]) }
    }

    @Test func namesWithOneStoredFormAreRefused() {
        #expect(throws: InvalidInput.self) { try TokenMetadata(["a b": "1", "a  b": "2"]) }
    }

    @Test func changesAddReplaceAndRemove() throws {
        let metadata = try TokenMetadata(["team": "blue", "cost": "1"])
        let changes: [String: String?] = ["team": "red", "cost": nil, "new": "x", "gone": nil]
        let merged = try metadata.merging(changes)
        #expect(merged == (try TokenMetadata(["team": "red", "new": "x"])))
        #expect(throws: InvalidInput.self) { try metadata.merging(["n": "a\u{7}"]) }
    }
}
