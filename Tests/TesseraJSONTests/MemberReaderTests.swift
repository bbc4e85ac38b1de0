import TesseraJSON
import Testing

@Suite struct MemberReaderTests {
    private func reader(_ text: String, path: String = "") throws -> MemberReader {
        MemberReader(try JSONValue.parse(Array(text.utf8)), path: path)
    }

    private func violations(_ body: () throws -> Void) -> [String] {
        do {
            try body()
            return []
        } catch let violations as Violations {
            return violations.all.map { "\($0.path): \($0.message)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test func requiredValuesComeBackWhenAllIsWell() throws {
        var reader = try reader(
            #"{"name":"ci","scopes":["a","b"],"count":-3,"on":true,"expires_at":null,"raw":[1],"in":{"x":1}}"#
        )
        let name = reader.required("name", .string)
        let scopes = reader.required("scopes", .strings)
        let count = reader.required("count", .integer)
        let isOn = reader.required("on", .bool)
        let expiry = reader.required("expires_at", .nullable(.string))
        let raw = reader.required("raw", .any)
        let inner = reader.required("in", .object)
        let absent = reader.optional("nothing", .string)
        let all = try reader.finish(name, scopes, count, isOn, expiry, raw, inner)
        #expect(all.0 == "ci" && all.1 == ["a", "b"] && all.2 == -3 && all.3 && all.4 == nil)
        #expect(all.5.array?.count == 1 && all.6["x"]?.number?.int64 == 1)
        #expect(absent == nil)
    }

    @Test func oneRequiredValueComesBackByItself() throws {
        var reader = try reader(#"{"name":"ci"}"#)
        let name = reader.required("name", .string)
        let value: String = try reader.finish(name)
        #expect(value == "ci")
    }

    @Test func absentAndNullAreTwoThings() throws {
        for (text, expected) in [("{}", nil), (#"{"a":null}"#, .some(nil)), (#"{"a":"x"}"#, "x")]
            as [(String, String??)]
        {
            var reader = try reader(text)
            #expect(reader.optional("a", .nullable(.string)) == expected)
            try reader.finish()
        }
    }

    @Test func everythingWrongIsReportedAtOnce() throws {
        var reader = try reader(
            #"{"name":1,"scopes":["a",2],"count":1.5,"on":"yes","expires_at":null,"nmae":"x"}"#)
        let name = reader.required("name", .string)
        _ = reader.required("scopes", .strings)
        _ = reader.optional("count", .integer)
        _ = reader.optional("on", .bool)
        _ = reader.optional("expires_at", .string)
        _ = reader.required("id", .string)
        reader.report("must be longer", at: "name")
        #expect(
            violations { _ = try reader.finish(name) } == [
                "name: must be a string", "scopes[1]: must be a string", "count: must be an integer",
                "on: must be true or false", "expires_at: must be a string", "id: is required",
                "name: must be longer", "nmae: is not known",
            ])
    }

    @Test(arguments: ["[]", "null", "1", "\"{}\""])
    func aBodyThatIsNoObjectIsOneViolation(_ text: String) throws {
        var reader = try reader(text)
        let name = reader.required("name", .string)
        #expect(violations { _ = try reader.finish(name) } == [": must be an object"])
    }

    @Test func pathsLeadInside() throws {
        var outer = try reader(#"{"owner":{"nam":"x"}}"#)
        if let owner = outer.required("owner", .object) {
            var inner = MemberReader(owner, path: "owner")
            _ = inner.required("name", .string)
            do throws(Violations) { try inner.finish() } catch { outer.report(error) }
        }
        #expect(violations { try outer.finish() } == ["owner.name: is required", "owner.nam: is not known"])
    }

    @Test func aNameInAnotherNormalFormIsNotKnown() throws {
        var reader = try reader("{\"e\u{301}\":1}")
        #expect(reader.optional("\u{E9}", .integer) == nil)
        #expect(violations { try reader.finish() }.count == 1)
    }

    @Test func aFloodOfUnknownMembersHasAShortAnswer() throws {
        let members = (0..<5_000).map { "\"\(String(repeating: "x", count: 100))\($0)\":0" }
        var reader = try reader("{\(members.joined(separator: ","))}")
        let found = violations { try reader.finish() }
        #expect(found.count == 50)
        #expect(found.allSatisfy { $0.utf8.count < 100 })
    }

    @Test func aKindOfOnesOwnSaysWhatItExpects() throws {
        let even = MemberKind<Int64>("must be even") { value in
            value.number?.int64.flatMap { $0.isMultiple(of: 2) ? $0 : nil }
        }
        var reader = try reader(#"{"a":2,"b":3,"c":[2,4,5]}"#)
        #expect(reader.required("a", even) == 2)
        #expect(reader.required("b", even) == nil)
        #expect(reader.required("c", .array(of: even)) == nil)
        #expect(violations { try reader.finish() } == ["b: must be even", "c[2]: must be even"])
    }
}
