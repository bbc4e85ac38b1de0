import TesseraJSON

extension JSONSchema {
    /// Writes the schema as it stands in a document: by reference if it has a name.
    func write(into json: inout JSONWriter, meaning: String = "") {
        guard let name else { return writeDefinition(into: &json, meaning: meaning) }
        json.object { json in
            json.member("$ref", "#/components/schemas/\(name)")
            if !meaning.isEmpty { json.member("description", meaning) }
        }
    }

    /// Writes the rules themselves, also of a schema with a name.
    func writeDefinition(into json: inout JSONWriter, meaning: String = "") {
        json.object { json in
            writeKeywords(into: &json)
            if !meaning.isEmpty { json.member("description", meaning) }
        }
    }

    /// Finds the schemas with a name, this one and those inside it, each before one that refers to it.
    func collectNamed(into found: inout [(name: String, schema: JSONSchema)]) {
        switch form {
        case .list(let element, _): element.collectNamed(into: &found)
        case .object(let members, _):
            for member in members { member.schema.collectNamed(into: &found) }
        case .map(let value, _, _): value.collectNamed(into: &found)
        case .nullable(let schema): schema.collectNamed(into: &found)
        case .text, .integer, .bool, .true, .any: break
        }
        guard let name, !found.contains(where: { $0.name == name && $0.schema == self }) else { return }
        found.append((name, self))
    }

    private func writeKeywords(into json: inout JSONWriter) {
        switch form {
        case .text(let rules): Self.write(rules, isNullable: false, into: &json)
        case .integer(let range): Self.write(range, isNullable: false, into: &json)
        case .bool: json.member("type", "boolean")
        case .true: json.member("const", true)
        case .list(let element, let count):
            json.member("type", "array")
            json.member("items") { element.write(into: &$0) }
            if count.lowerBound > 0 { json.member("minItems", count.lowerBound) }
            if count.upperBound < Int.max { json.member("maxItems", count.upperBound) }
        case .object(let members, let isClosed): Self.write(members, isClosed, into: &json)
        case .map(let value, let names, let count):
            json.member("type", "object")
            json.member("propertyNames") { names.write(into: &$0) }
            json.member("additionalProperties") { value.write(into: &$0) }
            if count.lowerBound > 0 { json.member("minProperties", count.lowerBound) }
            if count.upperBound < Int.max { json.member("maxProperties", count.upperBound) }
        case .nullable(let schema): schema.writeNullable(into: &json)
        case .any: break
        }
    }

    private func writeNullable(into json: inout JSONWriter) {
        switch form {
        case .text(let rules) where name == nil && rules.choices.isEmpty:
            Self.write(rules, isNullable: true, into: &json)
        case .integer(let range) where name == nil: Self.write(range, isNullable: true, into: &json)
        default:
            json.member("anyOf") { json in
                json.array { json in
                    write(into: &json)
                    json.object { $0.member("type", "null") }
                }
            }
        }
    }

    private static func write(_ type: String, isNullable: Bool, into json: inout JSONWriter) {
        if isNullable { json.member("type", [type, "null"]) } else { json.member("type", type) }
    }

    private static func write(_ rules: TextRules, isNullable: Bool, into json: inout JSONWriter) {
        write("string", isNullable: isNullable, into: &json)
        if let format = rules.format { json.member("format", format.name) }
        if let pattern = rules.pattern { json.member("pattern", pattern.text) }
        if let length = rules.length {
            if length.lowerBound > 0 { json.member("minLength", length.lowerBound) }
            if length.upperBound < Int.max { json.member("maxLength", length.upperBound) }
        }
        if !rules.choices.isEmpty { json.member("enum", rules.choices) }
    }

    private static func write(_ range: ClosedRange<Int64>, isNullable: Bool, into json: inout JSONWriter) {
        write("integer", isNullable: isNullable, into: &json)
        json.member("format", "int64")
        if range.lowerBound > .min { json.member("minimum", range.lowerBound) }
        if range.upperBound < .max { json.member("maximum", range.upperBound) }
    }

    private static func write(_ members: [Member], _ isClosed: Bool, into json: inout JSONWriter) {
        json.member("type", "object")
        json.member("properties") { json in
            json.object { json in
                for member in members {
                    json.member(named: member.name) {
                        member.schema.write(into: &$0, meaning: member.meaning)
                    }
                }
            }
        }
        let required = members.filter(\.isRequired).map(\.name)
        if !required.isEmpty { json.member("required", required) }
        if isClosed { json.member("additionalProperties", false) }
    }
}
