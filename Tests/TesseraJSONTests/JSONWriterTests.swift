import TesseraJSON
import Testing

@Suite struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        body(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func anAnswerReadsAsItIsWritten() {
        let text = written { json in
            json.object { json in
                json.member("id", "7f3c")
                json.member("scopes", ["treasure:create", "user:edit"])
                json.member("count", 12)
                json.member("admin", false)
                json.member("name", nil as String?)
                json.member("limit", nil as Int?)
                json.member("age", 3 as UInt8?)
                json.member("token") { json in
                    json.object { json in
                        json.member("kind", "personal")
                        json.member("expires_at", "2026-11-23T23:05:00Z" as String?)
                    }
                }
                json.member("list") { json in
                    json.array { json in
                        json.null()
                        json.bool(true)
                        json.array { _ in }
                        json.object { _ in }
                        json.integer(-1)
                        json.string("x")
                    }
                }
            }
        }
        #expect(
            text
                == #"{"id":"7f3c","scopes":["treasure:create","user:edit"],"count":12,"admin":false,"name":null,"#
                + #""limit":null,"age":3,"token":{"kind":"personal","expires_at":"2026-11-23T23:05:00Z"},"#
                + #""list":[null,true,[],{},-1,"x"]}"#)
    }

    @Test(arguments: [
        ("", #""""#), ("a\"b\\c/d", #""a\"b\\c/d""#), ("\u{8}\u{9}\u{A}\u{C}\u{D}", #""\b\t\n\f\r""#),
        ("\u{0}\u{1F}\u{B}", #""\u0000\u001f\u000b""#), ("é🐉\u{2028}\u{7F}", "\"é🐉\u{2028}\u{7F}\""),
        ("\r\n", #""\r\n""#),
        ("\"", #""\"""#),
    ])
    func stringsAreEscaped(_ text: String, _ expected: String) {
        #expect(written { $0.string(text) } == expected)
    }

    @Test func everyScalarComesBack() throws {
        for value in stride(from: UInt32(0), to: 0x3000, by: 1) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "a\(Character(scalar))b"
            let string = written { $0.string(text) }
            let document = Array("{\(string):\(string)}".utf8)
            var json = JSONWriter()
            json.value(try JSONValue.parse(document))
            #expect(json.bytes == document)
            let member = try #require(try JSONValue.parse(json.bytes).object?.members.first)
            #expect(Array(member.name.utf8) == Array(text.utf8))
            #expect(member.value.string.map { Array($0.utf8) } == Array(text.utf8))
        }
    }

    /// Eight bytes are looked at together; none may hide behind its neighbours.
    @Test(arguments: [UInt8(ascii: "x"), UInt8(ascii: " "), UInt8(ascii: "!"), UInt8(ascii: "#"), 0x7F])
    func aByteToEscapeIsFoundWhereverItStands(_ neighbour: UInt8) throws {
        for byte in UInt8.min..<0x80 {
            for length in [1, 7, 8, 9, 16, 23] {
                for place in 0..<length {
                    var bytes = [UInt8](repeating: neighbour, count: length)
                    bytes[place] = byte
                    let text = String(decoding: bytes, as: UTF8.self)
                    var json = JSONWriter()
                    json.string(text)
                    if (try? JSONValue.parse(json.bytes)) != JSONValue.string(text) {
                        Issue.record("byte \(byte) at \(place) of \(length)")
                    }
                }
            }
        }
    }

    @Test func aLongAnswerGrows() throws {
        var json = JSONWriter(capacity: 0)
        json.array { json in for number in 0..<10_000 { json.integer(number) } }
        #expect(
            try JSONValue.parse(json.bytes).array?.map { $0.number?.int64 } == (0..<10_000).map(Int64.init))
        #expect(json.withBytes { Array($0) } == json.bytes)
    }

    @Test func integersOfEveryWidthAreWritten() {
        #expect(written { $0.integer(Int64.min) } == "-9223372036854775808")
        #expect(written { $0.integer(Int64.max) } == "9223372036854775807")
        #expect(written { $0.integer(UInt64.max) } == "18446744073709551615")
        #expect(written { $0.integer(Int8.min) } == "-128")
        #expect(written { $0.integer(0) } == "0")
    }

    @Test func aValueIsWrittenAsItWasRead() throws {
        let text = #"{"a":[1,1.50,1e5,-0],"b":{"c":"\n","d":null},"e":true}"#
        let value = try JSONValue.parse(Array(text.utf8))
        #expect(written { $0.value(value) } == text)
        #expect(written { json in json.object { $0.member("v", value) } } == "{\"v\":\(text)}")
    }

    @Test func anErrorLeavesThroughTheBody() {
        struct Stop: Error, Equatable {}
        var json = JSONWriter()
        #expect(throws: Stop()) { try json.array { _ throws(Stop) in throw Stop() } }
    }
}
