import Testing

@testable import TesseraOpenAPI

@Suite struct TextPatternTests {
    private static func matches(_ pattern: String, _ text: String) throws -> Bool {
        try #require(TextPattern(pattern), "\(pattern)").matches(text)
    }

    @Test(arguments: [
        ("^a", ["a", "ab"], ["", "ba"]),
        ("a$", ["a", "ba"], ["", "ab", "a\n"]),
        ("b", ["b", "abc"], ["", "ac", "B"]),
        ("^$", [""], ["a"]),
        ("", ["", "a"], []),
        ("^a|b$", ["a", "ax", "b", "xb"], ["xa", "bx"]),
        ("^(a|b|)c$", ["ac", "bc", "c"], ["abc", "a"]),
        ("^(?:ab)+$", ["ab", "abab"], ["", "aba"]),
        ("^a{3}$", ["aaa"], ["aa", "aaaa"]),
        ("^a{2,}$", ["aa", "aaaaa"], ["a"]),
        ("^a{1,3}b?$", ["a", "aaab", "ab"], ["", "aaaa", "abb"]),
        ("^(a{1,2}|b){2}$", ["aa", "aaaa", "ab", "baa"], ["a", "b", "aaaaa"]),
        ("^(a*)*$", ["", "aaa"], ["b"]),
        ("^[a-c]$", ["a", "b", "c"], ["d", "", "-"]),
        ("^[^a-c]$", ["d", "é", "\u{1F409}"], ["a", "dd"]),
        ("^[]$", [], ["", "a"]),
        ("^[-a]$", ["-", "a"], ["b"]),
        ("^[a-]$", ["-", "a"], ["b"]),
        (#"^[\]\\-]$"#, ["]", "\\", "-"], ["["]),
        (#"^\d\w$"#, ["1_", "9z"], ["a1", "1-", "٣a"]),
        (#"^[\d.]+$"#, ["1.5"], ["1,5"]),
        (#"^\.\*\$\/\u00e9$"#, [".*$/é"], ["x*$/é"]),
        ("^.$", ["a", "é", "\u{1F409}"], ["\n", "\r", "\u{2028}", "", "ab"]),
        // Scalar by scalar: a letter and its accent are two, and U+2000 is not U+2002, to which it is equivalent.
        ("^.$", ["\u{E9}"], ["e\u{301}"]),
        (#"^\u2000$"#, ["\u{2000}"], ["\u{2002}"]),
        ("^K$", ["K"], ["\u{212A}"]),
        (
            "^(0|[1-9][0-9]{0,3}[sm]|([1-9]|[1-8][0-9]|90)d)$", ["0", "9999s", "90d", "1m"],
            ["00", "0s", "10000s", "91d"]
        ),
    ])
    func textsAreMatched(_ pattern: String, _ right: [String], _ wrong: [String]) throws {
        for text in right { #expect(try Self.matches(pattern, text), "\(pattern) allows \(text)") }
        for text in wrong { #expect(try !Self.matches(pattern, text), "\(pattern) refuses \(text)") }
    }

    @Test(arguments: [
        "(", ")", "a)", "(a", "[a", "]", "*", "a**", "a*?", "a{", "a{2", "a{2,1}", "a{99999}", "{2}", "a}",
        #"\"#,
        #"\s"#, #"\b"#, #"\1"#, #"\p{L}"#, #"\ud800"#, #"\u00"#, "(?=a)", "(?!a)", "(?<n>a)", "[b-a]",
        #"[\d-z]"#, "((a{999}){999})", #"\é"#,
    ])
    func patternThatCannotBeEnforcedIsRefused(_ pattern: String) {
        #expect(TextPattern(pattern) == nil)
    }

    /// A matcher that backtracks would take longer than the age of the universe for these.
    @Test(arguments: ["^(a*)*b$", "^(a|a)*b$", "^(a|aa)+b$", "^[^b]*[^cb][^b]*$"])
    func timeGrowsWithTheLengthAlone(_ pattern: String) throws {
        let text = String(repeating: "a", count: 20_000) + "b!"
        #expect(try !Self.matches(pattern, text))
    }

    /// The standard library's engine, which backtracks, is the judge.
    @Test func randomPatternsMatchAsTheStandardLibrarySays() throws {
        var random = SplitMix(state: 15)
        for _ in 0..<400 {
            let pattern = Self.pattern(&random, depth: 3)
            let judge = try Regex(pattern).matchingSemantics(.unicodeScalar)
            let own = try #require(TextPattern(pattern), "\(pattern)")
            for _ in 0..<12 {
                let text = String(
                    (0..<Int(random.next() % 7)).map { _ in "abc".randomElement(using: &random)! })
                #expect(
                    own.matches(text) == (try judge.firstMatch(in: text) != nil), "\(pattern) and \(text)")
            }
        }
    }

    private static func pattern(_ random: inout SplitMix, depth: Int) -> String {
        func inner() -> String { pattern(&random, depth: depth - 1) }
        guard depth > 0 else { return ["a", "b", "c", "[ab]", "[^a]", "."].randomElement(using: &random)! }
        switch random.next() % 6 {
        case 0: return inner() + inner()
        case 1: return "(" + inner() + "|" + inner() + ")"
        case 2:
            return "(" + inner() + ")" + ["*", "+", "?", "{2}", "{1,2}", "{2,}"].randomElement(
                using: &random)!
        case 3: return "^" + inner()
        case 4: return inner() + "$"
        default: return inner()
        }
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var number = state
            number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
            number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
            return number ^ number >> 31
        }
    }
}
