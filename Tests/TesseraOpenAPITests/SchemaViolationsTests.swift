import TesseraHTTP
import TesseraJSON
import Testing

@testable import TesseraOpenAPI

@Suite struct SchemaViolationsTests {
    private static func violations(_ schema: JSONSchema, _ text: String) throws -> [String] {
        schema.violations(in: try JSONValue.parse(Array(text.utf8))).map { "\($0.path): \($0.message)" }
    }

    @Test(
        arguments: [
            (JSONSchema.string, #""""#, "1", ": must be a string"),
            (.string(1...200), #""x""#, #""""#, ": must have 1 to 200 characters"),
            (.string(1...3), #""abc""#, #""abcd""#, ": must have 1 to 3 characters"),
            // Scalars: a letter and its accent count as two.
            (.string(1...1), "\"\u{E9}\"", "\"e\u{301}\"", ": must have 1 character"),
            (.string(2...Int.max), #""ab""#, #""a""#, ": must have at least 2 characters"),
            (.string(0...2), #""ab""#, #""abc""#, ": must have at most 2 characters"),
            (.string(1...Int.max), #""a""#, #""""#, ": must not be empty"),
            (
                .string(pattern: "^[0-9]+$"), #""12""#, #""12a""#,
                ": must have the form that the API describes"
            ),
            (.string(pattern: "^[0-9]+$", saying: "must be digits"), #""1""#, #""""#, ": must be digits"),
            (.choice("a", "b"), #""b""#, #""B""#, ": must be “a” or “b”"),
            (.choice("é"), "\"\u{E9}\"", "\"e\u{301}\"", ": must be “é”"),
            (
                .identifier, #""019c0000-0000-7000-8000-000000000000""#,
                #""019c0000-0000-7000-8000-00000000000""#,
                ": must be an identifier"
            ),
            (
                .identifier, #""019C0000-0000-7000-8000-00000000000F""#,
                #""019c00000000-7000-8000-0000000000000""#,
                ": must be an identifier"
            ),
            (.integer(0...10), "10", "11", ": must be an integer from 0 to 10"),
            (.integer(0...10), "0", "-1", ": must be an integer from 0 to 10"),
            (.integer(0...10), "1e1", "0.5", ": must be an integer from 0 to 10"),
            (.integer(1...Int64.max), "1", "0", ": must be an integer of at least 1"),
            (.integer(Int64.min...1), "1", "2", ": must be an integer of at most 1"),
            (
                .integer(), "9223372036854775807", "9223372036854775808",
                ": must be an integer of at most 64 bits"
            ),
            (.integer(), "-0", #""0""#, ": must be an integer of at most 64 bits"),
            (.bool, "false", "0", ": must be true or false"),
            (.true, "true", "false", ": must be true"),
            (.bool.nullable, "null", #""x""#, ": must be true or false"),
            (.bool, "true", "null", ": must be true or false"),
            (.array(of: .bool), "[true]", "[true,1]", "[1]: must be true or false"),
            (.array(of: .bool), "[]", "{}", ": must be an array"),
            (.array(of: .bool, count: 1...2), "[true]", "[]", ": must have 1 to 2 elements"),
            (.array(of: .bool, count: 0...1), "[true]", "[true,true]", ": must have at most 1 element"),
            (.object(.required("a", .bool)), #"{"a":true,"b":1}"#, "{}", "a: is required"),
            (.object(.optional("a", .bool)), "{}", #"{"a":1}"#, "a: must be true or false"),
            (.object(), "{}", "[]", ": must be an object"),
            (.closedObject(.optional("a", .bool)), #"{"a":true}"#, #"{"b":1}"#, "b: is not known"),
            // Names that Unicode calls equivalent are different members.
            (
                .closedObject(.optional("é", .bool)), "{\"\u{E9}\":true}", "{\"e\u{301}\":true}",
                "e\u{301}: is not known"
            ),
            (
                .object(.required("o", .object(.required("l", .array(of: .integer(0...1)))))),
                #"{"o":{"l":[1]}}"#,
                #"{"o":{"l":[0,2]}}"#, "o.l[1]: must be an integer from 0 to 1"
            ),
            (
                .map(of: .bool, names: .string(1...2)), #"{"ab":true}"#, #"{"ab":1}"#,
                "ab: must be true or false"
            ),
            (
                .map(of: .bool, names: .string(1...2)), "{}", #"{"abc":true}"#,
                ": has a member whose name must have 1 to 2 characters"
            ),
            (
                .map(of: .bool, names: .string, count: 0...1), #"{"a":true}"#, #"{"a":true,"b":true}"#,
                ": must have at most 1 member"
            ),
            (.map(of: .bool, names: .string), "{}", "[]", ": must be an object"),
            (
                .line(1...4), #""a b""#, #""  ""#,
                ": must have 1 to 4 characters on one line, and not be blank"
            ),
            (
                .name(2...4), #""ab""#, "\"a\u{202E}b\"",
                ": must have 2 to 4 characters, all of them visible, and not be blank"
            ),
            (.printable(0...2), #""""#, ##""\n""##, ": must have at most 2 characters on one line"),
            (
                .prose, #""a\n""#, #"" \n""#,
                ": must be text that is not blank, without control characters other than line ends"
            ),
        ] as [(JSONSchema, String, String, String)])
    func eachRuleIsEnforced(_ schema: JSONSchema, _ right: String, _ wrong: String, _ message: String) throws
    {
        #expect(try Self.violations(schema, right) == [])
        #expect(try Self.violations(schema, wrong) == [message])
    }

    @Test func everythingWrongIsNamedInTheOrderOfTheSchemaAndUnknownMembersLast() throws {
        let schema = JSONSchema.closedObject(
            .required("name", .string(2...5)), .required("value", .integer(0...9)), .optional("on", .bool))
        #expect(
            try Self.violations(schema, #"{"x":1,"on":null,"name":"a"}"#) == [
                "name: must have 2 to 5 characters", "value: is required", "on: must be true or false",
                "x: is not known",
            ])
    }

    @Test func violationsAreLimited() throws {
        let many = (0..<10_000).map { "\"\($0)\":1" }.joined(separator: ",")
        #expect(try Self.violations(.closedObject(), "{\(many)}").count == 50)
        let long = String(repeating: "n", count: 5_000)
        #expect(try Self.violations(.closedObject(), "{\"\(long)\":1}")[0].count < 100)
        let elements = Array(repeating: "1", count: 10_000).joined(separator: ",")
        #expect(try Self.violations(.array(of: .bool), "[\(elements)]").count == 50)
    }
}

@Suite struct APIBodyTests {
    private struct Coin: APIBody, Decodable, Equatable {
        static let schema = JSONSchema.closedObject(
            .required("metal", .choice("gold", "silver")), .optional("weight", .integer(1...1_000)))
        static let example = #"{"metal": "gold"}"#
        let metal: String
        let weight: Int?
    }

    private struct Wish: APIBody {
        static let schema = JSONSchema.object(.optional("words", .string(1...9)))
        static let example = "{}"
        static let mediaTypes: [MediaType] = [.mergePatchJSON, .json]
        static let isOptional = true
        let words: String?

        init(json: JSONValue) throws {
            var reader = MemberReader(json)
            words = reader.optional("words", .string)
            try reader.finish()
        }
    }

    private struct Exchange: APIBody, Decodable, Equatable {
        static let schema = JSONSchema.object(
            .required("grant_type", .string(1...100)), .optional("resource", .array(of: .string(1...9))),
            .optional("count", .integer(0...9)), .optional("on", .bool))
        static let example = "grant_type=code&resource=a&resource=b&count=3"
        static let mediaTypes: [MediaType] = [.form]

        enum CodingKeys: String, CodingKey {
            case grantType = "grant_type"
            case resource, count, on
        }

        let grantType: String
        let resource: [String]?
        let count: Int?
        let on: Bool?
    }

    private static func read<Body: APIBody>(
        _ type: Body.Type, _ text: String, as mediaType: String? = "application/json"
    ) async throws -> Body {
        var fields = Fields()
        if let mediaType { fields.append(.contentType, mediaType) }
        return try await Request(.post, "/", fields: fields, body: RequestBody(Array(text.utf8)))
            .read(type, upTo: 1_000)
    }

    @Test func bodyIsDecodedOnceItKeepsTheRules() async throws {
        #expect(
            try await Self.read(Coin.self, #"{"metal":"gold","weight":3}"#) == Coin(metal: "gold", weight: 3))
        await #expect(throws: Violations(path: "weight", message: "must be an integer from 1 to 1000")) {
            try await Self.read(Coin.self, #"{"metal":"gold","weight":0}"#)
        }
        await #expect(throws: JSONViolation.self) { try await Self.read(Coin.self, "{") }
        await #expect(throws: JSONViolation.self) { try await Self.read(Coin.self, "") }
    }

    @Test(
        arguments: [
            ("text/plain", Status.unsupportedMediaType), (nil, .unsupportedMediaType),
            ("application/json; charset=utf-16", .unsupportedMediaType),
        ] as [(String?, Status)])
    func mediaTypeIsNeeded(_ mediaType: String?, _ status: Status) async throws {
        let error = await #expect(throws: HTTPError.self) {
            try await Self.read(Coin.self, Coin.example, as: mediaType)
        }
        #expect(error?.status == status)
        #expect(error?.fields[.accept] == "application/json")
    }

    @Test func bodyThatIsTooLargeIsRefused() async throws {
        let error = await #expect(throws: HTTPError.self) {
            try await Self.read(Coin.self, String(repeating: " ", count: 1_001))
        }
        #expect(error?.status == .contentTooLarge)
    }

    @Test func optionalBodyMayBeAbsentAndIsHeldToTheRulesOtherwise() async throws {
        #expect(try await Self.read(Wish.self, "", as: nil).words == nil)
        #expect(try await Self.read(Wish.self, "", as: "text/plain").words == nil)
        #expect(try await Self.read(Wish.self, #"{"words":"a"}"#).words == "a")
        #expect(try await Self.read(Wish.self, "{}", as: "application/merge-patch+json").words == nil)
        await #expect(throws: Violations(path: "words", message: "must have 1 to 9 characters")) {
            try await Self.read(Wish.self, #"{"words":""}"#)
        }
        await #expect(throws: HTTPError.self) { try await Self.read(Wish.self, "{}", as: "text/plain") }
    }

    @Test func formIsReadByTheSameRules() async throws {
        let form = "application/x-www-form-urlencoded"
        #expect(
            try await Self.read(Exchange.self, Exchange.example + "&on=true&more=x", as: form)
                == Exchange(grantType: "code", resource: ["a", "b"], count: 3, on: true))
        for (text, path) in [
            ("grant_type=", "grant_type"), ("resource=a", "grant_type"), ("grant_type=a&count=x", "count"),
            ("grant_type=a&count=10", "count"), ("grant_type=a&resource=a&resource=", "resource[1]"),
            ("grant_type=a&on=1", "on"),
        ] {
            let error = await #expect(throws: Violations.self) {
                try await Self.read(Exchange.self, text, as: form)
            }
            #expect(error?.all.map(\.path) == [path], "\(text)")
        }
        for text in [
            "grant_type=a&grant_type=a", "grant_type=a&more=1&more=2", "grant_type=%", "grant_type=%00",
        ] {
            let error = await #expect(throws: HTTPError.self) {
                try await Self.read(Exchange.self, text, as: form)
            }
            #expect(error?.status == .badRequest, "\(text)")
        }
        await #expect(throws: HTTPError.self) { try await Self.read(Exchange.self, Exchange.example) }
    }

    @Test func exampleIsAllowed() throws {
        for body in [BodyDescription(Coin.self), BodyDescription(Wish.self), BodyDescription(Exchange.self)] {
            #expect(body.schema.violations(in: try #require(body.exampleValue)) == [])
        }
    }
}
