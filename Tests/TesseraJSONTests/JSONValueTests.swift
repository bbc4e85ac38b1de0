import TesseraJSON
import Testing

@Suite struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue.parse(Array(text.utf8)) }

    @Test func valuesAreTakenApart() throws {
        let value = try parse(#"{"a":null,"b":true,"c":-1.50,"d":"x\n\u0041\ud83d\udc09","e":[1,[]],"f":{}}"#)
        let object = try #require(value.object)
        #expect(object.members.map(\.name) == ["a", "b", "c", "d", "e", "f"])
        #expect(object["a"]?.isNull == true)
        #expect(object["b"]?.bool == true)
        #expect(object["c"]?.number?.text == "-1.50")
        #expect(object["d"]?.string == "x\nA🐉")
        #expect(object["e"]?.array?.count == 2)
        #expect(object["f"]?.object?.members.isEmpty == true)
        #expect(object["g"] == nil)
        #expect(value.string == nil && value.bool == nil && value.number == nil && value.array == nil)
    }

    @Test(
        arguments: [
            ("0", 0, 0), ("-0", 0, 0), ("9223372036854775807", .max, 9.223372036854775807e18),
            ("-9223372036854775808", .min, -9.223372036854775808e18),
            ("9223372036854775808", nil, 9.223372036854775808e18),
            ("1.0", 1, 1), ("1e2", 100, 100), ("-1.20e1", -12, -12), ("100E-2", 1, 1), ("0.5e+1", 5, 5),
            ("0e-999", 0, 0), ("0.0", 0, 0), ("9223372036854775807.0", .max, 9.223372036854775807e18),
            ("-9.223372036854775808e18", .min, -9.223372036854775808e18),
            ("9.223372036854775808e18", nil, 9.223372036854775808e18),
            ("4503599627370496.3", nil, 4503599627370496), ("1.00000000000000000001", nil, 1),
            ("1E-2", nil, 0.01), ("101e-2", nil, 1.01), ("1e400", nil, nil),
            ("0e99999999999999999999", 0, 0), ("-0.000e-99999999999999999999", 0, 0),
            // The smallest exponent of 64 bits has no absolute value (issue 14, item 1).
            ("1e-9223372036854775808", nil, 0), ("1e9223372036854775807", nil, nil),
            ("-1.5E-9223372036854775808", nil, 0), ("10e-9223372036854775809", nil, 0),
            ("1e-99999999999999999999999", nil, 0), ("1e+99999999999999999999999", nil, nil),
            ("0.00000000000000000001e20", 1, 1), ("10000000000000000000000e-22", 1, 1),
            ("92233720368547758070e-1", .max, 9.223372036854775807e18),
            ("12345678901234567890e0", nil, 1.2345678901234567e19),
            ("-1e400", nil, nil),
            ("1e-400", nil, 0),
        ] as [(String, Int64?, Double?)])
    func numbersKeepTheirTextAndGiveTheirValue(_ text: String, _ integer: Int64?, _ double: Double?) throws {
        let number = try #require(try parse(text).number)
        #expect(number.text == text)
        #expect(number.int64 == integer)
        #expect(number.double == double)
    }

    @Test("N098") func stringsAreComparedScalarByScalar() throws {
        let composed = try parse("\"\u{E9}\"")
        let decomposed = try parse("\"e\u{301}\"")
        #expect(composed != decomposed)
        #expect(composed.string == decomposed.string)  // what Swift's own comparison says
        #expect(try parse(#""\u00e9""#) == composed)
        let object = try #require(try parse("{\"\u{E9}\":1,\"e\u{301}\":2}").object)
        #expect(object["\u{E9}"]?.number?.int64 == 1)
        #expect(object["e\u{301}"]?.number?.int64 == 2)
        #expect(try parse("{\"\u{E9}\":1}") != parse("{\"e\u{301}\":1}"))
        #expect(Set([composed, decomposed, composed]).count == 2)
    }

    @Test func kindsAreNotEqual() throws {
        let values = try ["null", "false", "0", "\"\"", "[]", "{}", "true", "1", "1.0", "\"0\"", "[0]"].map(
            parse)
        #expect(Set(values).count == values.count)
    }

    @Test func exponentsOfAnyLengthMoveThePointExactly() throws {
        let zeros = String(repeating: "0", count: 5_000)
        for (text, integer) in [
            ("1\(zeros)e-5000", 1), ("0.\(zeros)7e5001", 7), ("-3.\(zeros)", -3), ("1\(zeros)e-4999", 10),
            ("1e\(zeros)2", 100), ("1e-\(zeros)", 1), ("1\(zeros)e-5001", nil), ("1\(zeros)", nil),
        ] as [(String, Int64?)] {
            #expect(try parse(text).number?.int64 == integer, "\(text.prefix(20))")
        }
    }
}
