import TesseraJSON
import Testing

@testable import TesseraOpenAPI

@Suite struct JSONSchemaTests {
    private func written(_ schema: JSONSchema) -> String {
        var json = JSONWriter()
        schema.write(into: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func differences(_ schema: JSONSchema, _ text: String) throws -> Int {
        schema.differences(in: try JSONValue.parse(Array(text.utf8)), isOpenToMembers: false).count
    }

    @Test(arguments: [
        (JSONSchema.string, #"{"type":"string"}"#),
        (.string(2...50, pattern: "^a"), #"{"type":"string","pattern":"^a","minLength":2,"maxLength":50}"#),
        (.choice("a", "b"), #"{"type":"string","enum":["a","b"]}"#),
        (.identifier.nullable, #"{"type":["string","null"],"format":"uuid"}"#),
        (.choice("a").nullable, #"{"anyOf":[{"type":"string","enum":["a"]},{"type":"null"}]}"#),
        (.integer(0...10), #"{"type":"integer","format":"int64","minimum":0,"maximum":10}"#),
        (.integer(), #"{"type":"integer","format":"int64"}"#),
        (
            .array(of: .bool, count: 1...3),
            #"{"type":"array","items":{"type":"boolean"},"minItems":1,"maxItems":3}"#
        ),
        (
            .map(of: .bool, names: .string(1...4), count: 0...2),
            #"{"type":"object","propertyNames":{"type":"string","minLength":1,"maxLength":4},"#
                + #""additionalProperties":{"type":"boolean"},"maxProperties":2}"#
        ),
        (.any, "{}"),
        (.object(.optional("a", .bool)), #"{"type":"object","properties":{"a":{"type":"boolean"}}}"#),
        (
            .closedObject(.required("a", .bool, "Why.")),
            #"{"type":"object","properties":{"a":{"type":"boolean","description":"Why."}},"required":["a"],"#
                + #""additionalProperties":false}"#
        ),
        (.string.named("Name"), ##"{"$ref":"#/components/schemas/Name"}"##),
        (
            .string.named("Name").nullable,
            ##"{"anyOf":[{"$ref":"#/components/schemas/Name"},{"type":"null"}]}"##
        ),
    ])
    func isWrittenInTheWordsOfJSONSchema(_ schema: JSONSchema, _ text: String) {
        #expect(written(schema) == text)
    }

    @Test func namedSchemasAreFoundFromTheInsideOut() {
        let inner = JSONSchema.string.named("Inner")
        let outer = JSONSchema.object(.required("a", .array(of: inner.nullable))).named("Outer")
        var found: [(name: String, schema: JSONSchema)] = []
        outer.collectNamed(into: &found)
        inner.collectNamed(into: &found)
        #expect(found.map(\.name) == ["Inner", "Outer"])
    }

    @Test(arguments: [
        (JSONSchema.string(1...2), #""ab""#, #""abc""#),
        (.string(pattern: "^[0-9]+$"), #""12""#, #""1a""#),
        (.identifier, #""019c0000-0000-7000-8000-000000000000""#, #""019c""#),
        (.integer(0...10), "10", "11"),
        (.integer(), "1.0", "1.5"),
        (.bool, "true", "null"),
        (.choice("a"), #""a""#, #""A""#),
        (.string.nullable, "null", "0"),
        (.array(of: .bool, count: 0...1), "[true]", "[true,true]"),
        (.array(of: .bool), "[true]", "[0]"),
        (.line(1...4), #""a b""#, #""  ""#),
        (.line(1...4), #"" é ""#, ##""a\u0085""##),
        (.line(1...4), ##""\u2003b""##, ##""\u00a0\u2000\u3000""##),
        (.printable(0...4), #""""#, ##""a\nb""##),
        (.prose, ##""a\r\n\tb""##, ##""a\u001bb""##),
        (.prose, #"" a ""#, ##"" \n\t\u00a0""##),
        (.map(of: .bool, names: .printable(1...2)), #"{"a":true,"bc":false}"#, #"{"a":0}"#),
        (.map(of: .bool, names: .printable(1...2)), "{}", #"{"abc":true}"#),
        (.map(of: .bool, names: .printable(1...2), count: 0...1), "{}", #"{"a":true,"b":true}"#),
        (.object(.required("a", .bool)), #"{"a":true}"#, "{}"),
        (.object(.optional("a", .bool)), "{}", #"{"b":true}"#),
    ])
    func valueIsHeldAgainstIt(_ schema: JSONSchema, _ right: String, _ wrong: String) throws {
        #expect(try differences(schema, right) == 0)
        #expect(try differences(schema, wrong) > 0)
    }

    @Test func patternThatCannotBeEnforcedIsAProgrammingError() async {
        await #expect(processExitsWith: .failure) { _ = JSONSchema.string(pattern: "(?=a)") }
    }
}
