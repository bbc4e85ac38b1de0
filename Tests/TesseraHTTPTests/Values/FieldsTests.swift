import Testing

@testable import TesseraHTTP

@Suite struct FieldsTests {
    @Test func namesAreComparedWithoutRegardToCase() {
        let fields: Fields = ["X-Name": "1"]
        #expect(fields["x-NAME"] == "1")
        #expect(fields["X-Nam"] == nil)
        #expect(fields["X-Names"] == nil)
        #expect(fields["X_Name"] == nil)
    }

    @Test func caseIsFoldedForLettersAlone() {
        // "@" and "`", "[" and "{" differ by the same bit as a letter's two cases.
        #expect((["X^": "1"] as Fields)["X~"] == nil)
        #expect((["X_": "1"] as Fields)["X\u{7C}"] == nil)
    }

    @Test func orderAndRepetitionsAreKept() {
        var fields: Fields = ["A": "1", "B": "2"]
        fields.append("a", "3")
        #expect(fields["A"] == "1")
        #expect(fields.values(of: "A") == ["1", "3"])
        #expect(fields.count(of: "a") == 2)
        #expect(fields.count == 3)
        #expect(fields.map(\.name) == ["A", "B", "a"])
        #expect(fields.map(\.value) == ["1", "2", "3"])
    }

    @Test func settingReplacesEveryFieldOfTheName() {
        var fields: Fields = ["A": "1", "B": "2", "a": "3"]
        fields["A"] = "4"
        #expect(fields.map { "\($0.name)=\($0.value)" } == ["B=2", "A=4"])
        fields["B"] = nil
        #expect(fields.map(\.name) == ["A"])
        fields.remove("C")
        #expect(fields.count == 1)
    }

    @Test func bytesAreKeptAsOnTheWire() {
        var fields: Fields = ["A": "1", "B": "é"]
        #expect(fields.bytes == Array("A: 1\r\nB: é\r\n".utf8))
        fields.remove("A")
        #expect(fields.bytes == Array("B: é\r\n".utf8))
    }

    @Test func listsAreJoined() {
        var fields: Fields = ["A": "1"]
        fields.append(contentsOf: ["B": "2", "A": "3"])
        fields.append(contentsOf: Fields())
        #expect(fields.values(of: "A") == ["1", "3"])
        #expect(fields["B"] == "2")
        #expect(fields.bytes == Array("A: 1\r\nB: 2\r\nA: 3\r\n".utf8))
    }

    @Test(arguments: ["a\r\nB: c", "a\nB: c", "a\rB: c", "a\u{0}b", "a\u{7F}b", "a\u{1B}b"])
    func noValueCanEndItsLine(_ value: String) {
        let fields: Fields = ["A": value]
        #expect(fields.count == 1)
        #expect(fields["B"] == nil)
        #expect(fields.bytes.dropLast(2).allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        #expect(fields["A"]?.utf8.count == value.utf8.count)
    }

    @Test func emptyAndLongValuesAreKept() {
        let long = String(repeating: "x", count: 100_000)
        let fields: Fields = ["A": "", "B": long, "C": "\t"]
        #expect(fields["A"] == "")
        #expect(fields["B"] == long)
        #expect(fields["C"] == "\t")
    }

    private static func array(_ bytes: Span<UInt8>) -> [UInt8] { bytes.indices.map { bytes[$0] } }

    @Test func valueIsReadAsBytes() {
        let fields: Fields = ["A": "0", "B": "é"]
        #expect(fields.withValue(of: "b", Self.array) == [0xC3, 0xA9])
        #expect(fields.withValue(of: "c") { $0.count } == nil)
    }

    @Test func bytesThatAreNotUTF8AreReplacedInText() {
        let entry = Fields.Entry(nameStart: 0, valueStart: 3, nameLength: 1, valueLength: 2)
        let fields = Fields(
            parsed: [0x41, 0x3A, 0x20, 0x62, 0xFF, 0x0D, 0x0A], entries: [entry],
            signature: FieldName.signature(length: 1, first: 0x41))
        #expect(fields["A"] == "b\u{FFFD}")
        #expect(fields.withValue(of: "A", Self.array) == [0x62, 0xFF])
    }

    @Test(arguments: ["A", "x-name", "!#$%&'*+-.^_`|~09azAZ"])
    func tokenIsAFieldName(_ text: String) {
        #expect(FieldName(stringLiteral: text).text == text)
    }

    @Test func fieldNamesAreEqualInAnyCase() {
        #expect(FieldName("Vary") == FieldName("vARY"))
        #expect(Set<FieldName>(["Vary", "vary"]).count == 1)
        #expect(FieldName("Vary").description == "Vary")
    }

    @Test func faultyFieldNameIsAProgrammingError() async {
        await #expect(processExitsWith: .failure) { _ = FieldName(stringLiteral: "A:") }
        await #expect(processExitsWith: .failure) { _ = FieldName(stringLiteral: "") }
    }
}
