import TesseraJSON
import Testing

@Suite struct JSONValueDecoderTests {
    private struct Owner: Decodable, Equatable {
        let name: String
        let age: UInt8?
    }

    private struct Thing: Decodable, Equatable {
        let name: String
        let count: Int
        let isOn: Bool
        let weight: Double?
        let tags: [String]
        let owner: Owner?
        let notes: [String: String?]?
        let color: Color?

        enum CodingKeys: String, CodingKey {
            case name, count, weight, tags, owner, notes, color
            case isOn = "is_on"
        }
    }

    private enum Color: String, Decodable { case red, blue }

    private static func decode<Value: Decodable>(_ text: String, _ type: Value.Type) throws -> Value {
        try JSONValue.parse(Array(text.utf8)).decode(type)
    }

    @Test func valuesOfAllKindsAreDecoded() throws {
        let thing = try Self.decode(
            #"{"name":"a","count":1e1,"is_on":true,"weight":0.5,"tags":["x","y"],"owner":{"name":"o","age":255},"notes":{"n":null,"m":"t"},"color":"blue"}"#,
            Thing.self)
        #expect(
            thing
                == Thing(
                    name: "a", count: 10, isOn: true, weight: 0.5, tags: ["x", "y"],
                    owner: Owner(name: "o", age: 255), notes: ["n": nil, "m": "t"], color: .blue))
    }

    @Test func absentAndNullMembersAreNil() throws {
        let thing = try Self.decode(
            #"{"name":"","count":-9223372036854775808,"is_on":false,"tags":[],"owner":null}"#, Thing.self)
        #expect(thing.owner == nil && thing.weight == nil && thing.count == .min && thing.tags == [])
    }

    @Test func unsignedNumbersBeyondInt64AreDecoded() throws {
        #expect(try Self.decode("[18446744073709551615]", [UInt64].self) == [.max])
        #expect(try Self.decode("[[1],[2,3]]", [[Int8]].self) == [[1], [2, 3]])
        #expect(try Self.decode("[1,null]", [Int?].self) == [1, nil])
    }

    @Test(arguments: [
        (#"{"count":1,"is_on":true,"tags":[]}"#, "name", "is required"),
        (#"{"name":1,"count":1,"is_on":true,"tags":[]}"#, "name", "must be a string"),
        (
            #"{"name":"a","count":1.5,"is_on":true,"tags":[]}"#, "count",
            "must be an integer from -9223372036854775808 to 9223372036854775807"
        ),
        (#"{"name":"a","count":1,"is_on":1,"tags":[]}"#, "is_on", "must be true or false"),
        (#"{"name":"a","count":1,"is_on":true,"tags":["a",2]}"#, "tags[1]", "must be a string"),
        (#"{"name":"a","count":1,"is_on":true,"tags":{}}"#, "tags", "must be an array"),
        (#"{"name":"a","count":1,"is_on":true,"tags":[],"weight":"1"}"#, "weight", "must be a number"),
        (#"{"name":"a","count":1,"is_on":true,"tags":[],"owner":{}}"#, "owner.name", "is required"),
        (
            #"{"name":"a","count":1,"is_on":true,"tags":[],"owner":{"name":"o","age":256}}"#, "owner.age",
            "must be an integer from 0 to 255"
        ),
        ("[]", "", "must be an object"),
    ])
    func placeThatTheTypeCannotTakeIsNamed(_ text: String, _ path: String, _ message: String) {
        #expect(throws: Violations(path: path, message: message)) { try Self.decode(text, Thing.self) }
    }

    @Test func valueOutsideAnEnumerationIsNamed() {
        let text = #"{"name":"a","count":1,"is_on":true,"tags":[],"color":"green"}"#
        do {
            _ = try Self.decode(text, Thing.self)
            Issue.record("green is a color of the enumeration")
        } catch {
            #expect((error as? Violations)?.all.map(\.path) == ["color"])
        }
    }
}
