import TesseraJSON
import Testing

@Suite struct JSONGateTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "1", "-1", "10", "1.5", "-0.0", "1e5", "1E+5", "1e-5", "0e0",
        "123.456e78",
        "1e400", "123456789012345678901234567890", "\"\"", "\"a\"", "\"é\"", "\"🐉\"", "\"\u{7F}\"",
        "\"\u{2028}\"",
        "\"\u{0}\u{0}\"".replacing("\u{0}", with: "\\u0000"), #""\"\\\/\b\f\n\r\t""#,
        #""\u00e9\uD83D\uDC09""#,
        #""\uFFFF""#, #""\uDBFF\uDFFF""#, "[]", "{}", "[ ]", "{ }", "[1]", "[1,2]", "[[],{}]",
        "[null,true,\"\"]",
        #"{"":0}"#, #"{"a":1,"b":2}"#, #"{"a":1,"A":2}"#, #"{"a":{"a":{"a":1}}}"#, #"[{"a":1},{"a":1}]"#,
        " \t\n\r[ 1 , 2 ] \t\n\r", "{ \"a\" : 1 , \"b\" : 2 }", "\"\u{E9}\"", "\"\u{65}\u{301}\"",
        "{\"\u{E9}\":1,\"e\u{301}\":2}",
    ])
    func jsonIsLetThrough(_ text: String) throws {
        try JSONGate.standard.check(Array(text.utf8))
        _ = try JSONValue.parse(Array(text.utf8))
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), (" ", .unexpectedEnd, 1), ("[", .unexpectedEnd, 1),
            ("{", .unexpectedEnd, 1),
            ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), ("{\"a\"", .unexpectedEnd, 4),
            ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1", .unexpectedEnd, 6), ("\"a", .unexpectedEnd, 2),
            ("tru", .unexpectedEnd, 3), ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2),
            ("1e", .unexpectedEnd, 2),
            ("\"\\", .unexpectedEnd, 2), ("\"\\u00", .unexpectedEnd, 5),
            ("[1,]", .unexpectedCharacter, 3), ("[,1]", .unexpectedCharacter, 1),
            ("[,]", .unexpectedCharacter, 1),
            ("{\"a\":1,}", .unexpectedCharacter, 7), ("{,}", .unexpectedCharacter, 1),
            ("[1 2]", .unexpectedCharacter, 3),
            ("{\"a\" 1}", .unexpectedCharacter, 5), ("{\"a\":1 \"b\":2}", .unexpectedCharacter, 7),
            ("{a:1}", .unexpectedCharacter, 1), ("{'a':1}", .unexpectedCharacter, 1),
            ("{1:1}", .unexpectedCharacter, 1),
            ("{null:1}", .unexpectedCharacter, 1), ("{\"a\":}", .unexpectedCharacter, 5),
            ("{\"a\"}", .unexpectedCharacter, 4),
            ("[1}", .unexpectedCharacter, 2), ("{\"a\":1]", .unexpectedCharacter, 6),
            ("]", .unexpectedCharacter, 0),
            ("'a'", .unexpectedCharacter, 0), ("True", .unexpectedCharacter, 0),
            ("nul1", .unexpectedCharacter, 3),
            ("NaN", .unexpectedCharacter, 0), ("nan", .unexpectedCharacter, 1),
            ("Infinity", .unexpectedCharacter, 0),
            ("undefined", .unexpectedCharacter, 0), ("+1", .unexpectedCharacter, 0),
            (".5", .unexpectedCharacter, 0),
            ("/* */1", .unexpectedCharacter, 0), ("[1] // end", .contentAfterEnd, 4),
            ("#1", .unexpectedCharacter, 0),
            ("\u{0}", .unexpectedCharacter, 0), ("\u{0B}1", .unexpectedCharacter, 0),
            ("\u{0C}1", .unexpectedCharacter, 0),
            ("\u{A0}1", .unexpectedCharacter, 0), ("[\u{2003}1]", .unexpectedCharacter, 1),
            ("１", .unexpectedCharacter, 0),
            ("1 2", .contentAfterEnd, 2), ("[][]", .contentAfterEnd, 2), ("{}}", .contentAfterEnd, 2),
            ("null\u{0}", .contentAfterEnd, 4), ("truefalse", .contentAfterEnd, 4),
            ("\"\"\"\"", .contentAfterEnd, 2),
            ("1x", .contentAfterEnd, 1), ("0x10", .contentAfterEnd, 1), ("1_000", .contentAfterEnd, 1),
            ("01", .invalidNumber, 1), ("-01", .invalidNumber, 2), ("00", .invalidNumber, 1),
            ("--1", .invalidNumber, 1),
            ("-a", .invalidNumber, 1), ("1.e5", .invalidNumber, 2), ("1.a", .invalidNumber, 2),
            ("1ea", .invalidNumber, 2),
            ("1e+-5", .invalidNumber, 3), ("-Infinity", .invalidNumber, 1), ("[1.]", .invalidNumber, 3),
            ("1.5.5", .contentAfterEnd, 3), ("1e5e5", .contentAfterEnd, 3), ("1e5.5", .contentAfterEnd, 3),
            ("\"\n\"", .controlCharacter, 1), ("\"\t\"", .controlCharacter, 1),
            ("\"a\u{0}\"", .controlCharacter, 2),
            ("\"\u{1F}\"", .controlCharacter, 1), ("\"\\n\u{1}\"", .controlCharacter, 3),
            ("{\"a\n\":1}", .controlCharacter, 3),
            ("\"\\x41\"", .invalidEscape, 1), ("\"\\'\"", .invalidEscape, 1),
            ("\"\\u12\"", .invalidEscape, 1),
            ("\"\\u123g\"", .invalidEscape, 1), ("\"\\U0041\"", .invalidEscape, 1),
            ("\"\\\n\"", .invalidEscape, 1),
            ("\"\\u+123\"", .invalidEscape, 1), ("\"a\\a\"", .invalidEscape, 2),
            ("\"\\0\"", .invalidEscape, 1),
            ("\"\\é\"", .invalidEscape, 1), ("\"\\uÀÀÀÀ\"", .invalidEscape, 1),
            ("\"\\u{41}\"", .invalidEscape, 1),
            ("\"\\uD800\"", .loneSurrogate, 1), ("\"\\uDC00\"", .loneSurrogate, 1),
            ("\"\\uD800a\"", .loneSurrogate, 1),
            ("\"\\uD800\\n\"", .loneSurrogate, 1), ("\"\\uD800\\u0041\"", .loneSurrogate, 1),
            ("\"\\uD800\\uD800\"", .loneSurrogate, 1), ("\"\\uDC00\\uD800\"", .loneSurrogate, 1),
            ("\"\\uDBFF\\uE000\"", .loneSurrogate, 1), ("{\"\\uDFFF\":1}", .loneSurrogate, 2),
            ("{\"a\":1,\"a\":2}", .duplicateMember, 7), ("{\"a\":1,\"b\":2,\"a\":1}", .duplicateMember, 13),
            ("{\"a\":1,\"\\u0061\":2}", .duplicateMember, 7),
            ("{\"\\u002f\":1,\"\\/\":2}", .duplicateMember, 12),
            ("{\"\\uD83D\\uDC09\":1,\"🐉\":2}", .duplicateMember, 18),
            ("{\"\":1,\"\":2}", .duplicateMember, 6),
            ("[{\"x\":{\"a\":1,\"a\":1}}]", .duplicateMember, 13),
            ("{\"a\\u0000b\":1,\"a\\u0000b\":1}", .duplicateMember, 14),
            ("\u{FEFF}1", .byteOrderMark, 0),
        ] as [(String, JSONViolation.Reason, Int)])
    func anythingElseIsRefusedWithItsPlace(_ text: String, _ reason: JSONViolation.Reason, _ offset: Int) {
        let bytes = Array(text.utf8)
        let expected = JSONViolation(reason: reason, offset: offset)
        #expect(throws: expected) { try JSONGate.standard.check(bytes) }
        #expect(throws: expected) { try JSONValue.parse(bytes) }
        #expect(throws: expected) { try JSONGate.standard.check(bytes.span) }
    }

    @Test(
        "RFC 3629 §3",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE],
            [0xFF],
        ] as [[UInt8]])
    func whatIsNotUTF8IsRefusedWithItsPlace(_ sequence: [UInt8]) {
        let expected = JSONViolation(reason: .invalidUTF8, offset: 1)
        #expect(throws: expected) { try JSONGate.standard.check([0x22] + sequence + [0x22]) }
    }

    @Test func otherEncodingsAreRefused() {
        let text = Array("[1]".utf16)
        let littleEndian = text.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let bigEndian = text.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for bytes in [littleEndian, bigEndian, [0xFF, 0xFE] + littleEndian, [0xFE, 0xFF] + bigEndian] {
            #expect(throws: JSONViolation.self) { try JSONGate.standard.check(bytes) }
        }
    }

    @Test func duplicatesAreFoundAmongMany() throws {
        for count in [15, 16, 17, 18, 1_000] {
            let members = (0..<count).map { "\"name\($0)\":\($0)" }
            try JSONGate.standard.check(Array("{\(members.joined(separator: ","))}".utf8))
            for repeated in [0, count / 2, count - 1] {
                let text = "{\((members + ["\"nam\\u0065\(repeated)\":0"]).joined(separator: ","))}"
                #expect {
                    try JSONGate.standard.check(Array(text.utf8))
                } throws: { ($0 as? JSONViolation)?.reason == .duplicateMember }
            }
        }
    }

    @Test func depthEndsAtTheLimit() throws {
        func nested(_ depth: Int, _ open: String, _ close: String) -> [UInt8] {
            Array((String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
        }
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            try JSONGate.standard.check(nested(32, open, close))
            let tooDeep = JSONViolation(reason: .tooDeep, offset: 32 * open.utf8.count)
            #expect(throws: tooDeep) { try JSONGate.standard.check(nested(33, open, close)) }
            #expect(throws: tooDeep) { try JSONGate.standard.check(nested(10_000, open, close)) }
            #expect(throws: tooDeep) { try JSONValue.parse(nested(100_000, open, close)) }
            try JSONGate(maxDepth: 256).check(nested(256, open, close))
        }
        #expect(throws: JSONViolation(reason: .tooDeep, offset: 0)) {
            try JSONGate(maxDepth: 0).check(Array("[]".utf8))
        }
        try JSONGate.standard.check(
            Array("[\(Array(repeating: "[]", count: 100).joined(separator: ","))]".utf8))
    }

    @Test func sizeEndsAtTheLimit() throws {
        let gate = JSONGate(maxBytes: 4)
        try gate.check(Array("1234".utf8))
        #expect(throws: JSONViolation(reason: .tooLarge, offset: 4)) { try gate.check(Array("12345".utf8)) }
        #expect(throws: JSONViolation(reason: .tooLarge, offset: 4)) { try gate.check(Array("1    ".utf8)) }
    }

    static let document = Array(
        #"{"id":"7f\u00e9\uD83D\uDC09","é":[1,-2.5e+3,true,false,null,{"a":{}}],"n":0,"s":"\\\"🐉"}"#.utf8)

    @Test func everyTruncationIsRefused() throws {
        try JSONGate.standard.check(Self.document)
        for count in Self.document.indices {
            #expect(throws: JSONViolation.self) {
                try JSONGate.standard.check(Array(Self.document[..<count]))
            }
        }
    }

    @Test func gateAndReaderAgreeOnRandomMutations() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func random(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        let alphabet = Array("{}[],:\"\\u0123456789eE+-.tfn \n".utf8) + [0x00, 0x80, 0xC3, 0xE2, 0xF0, 0xFF]
        var accepted = 0
        for _ in 0..<50_000 {
            var bytes = Self.document
            for _ in 0...random(4) {
                let place = random(bytes.count)
                switch random(3) {
                case 0: bytes[place] = alphabet[random(alphabet.count)]
                case 1: bytes.insert(alphabet[random(alphabet.count)], at: place)
                default: bytes.remove(at: place)
                }
            }
            let checked = Result { () throws(JSONViolation) in try JSONGate.standard.check(bytes) }
            let parsed = Result { () throws(JSONViolation) in try JSONValue.parse(bytes) }
            switch (checked, parsed) {
            case (.success, .success(let value)):
                accepted += 1
                var json = JSONWriter()
                json.value(value)
                // What decodes encodes to something that decodes to the same.
                if (try? JSONValue.parse(json.bytes)) != value { Issue.record("\(bytes) does not come back") }
            case (.failure(let left), .failure(let right)) where left == right:
                if !(0...bytes.count).contains(left.offset) { Issue.record("offset \(left.offset)") }
            default: Issue.record("gate and reader disagree on \(bytes)")
            }
        }
        #expect(accepted > 100)
    }

    @Test func aViolationSaysWhereAndNotWhat() {
        let secret = Array(#"{"password":"hoard" hoard}"#.utf8)
        #expect {
            try JSONGate.standard.check(secret)
        } throws: { "\($0)" == "A character is in a place where JSON does not allow it, at byte 20" }
    }
}
