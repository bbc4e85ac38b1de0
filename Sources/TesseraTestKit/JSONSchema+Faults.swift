import TesseraCore
public import TesseraJSON
public import TesseraOpenAPI
import TesseraTime

extension JSONSchema {
    /// The differences between a value and this schema; empty if the value conforms.
    ///
    /// Stricter than JSON Schema: a member without a description is a fault, so no answer has undocumented members.
    ///
    /// - Parameter path: The place of the value in the document, for the messages.
    public func faults(in value: JSONValue, at path: String = "$") -> [String] {
        func expecting(_ what: String, _ holds: Bool) -> [String] { holds ? [] : ["\(path) is not \(what)"] }
        switch form {
        case .any: return []
        case .true: return expecting("true", value.bool == true)
        case .bool: return expecting("true or false", value.bool != nil)
        case .integer(let range):
            return expecting("an integer in \(range)", value.number?.int64.map(range.contains) ?? false)
        case .text(let rules):
            guard let text = value.string else { return ["\(path) is not a string"] }
            return expecting("as \(rules) says", rules.allow(text))
        case .nullable(let schema): return value.isNull ? [] : schema.faults(in: value, at: path)
        case .list(let element, let count):
            guard let array = value.array else { return ["\(path) is not an array"] }
            return expecting("of a length in \(count)", count.contains(array.count))
                + array.enumerated().flatMap { element.faults(in: $1, at: "\(path)[\($0)]") }
        case .object(let members, _):
            guard let object = value.object else { return ["\(path) is not an object"] }
            return Self.faults(in: object, members, at: path)
        case .map(let element, let names, let count):
            guard let object = value.object else { return ["\(path) is not an object"] }
            return expecting("of a size in \(count)", count.contains(object.members.count))
                + object.members.flatMap { member in
                    names.faults(in: .string(member.name), at: "a name in \(path)")
                        + element.faults(in: member.value, at: "\(path).\(member.name)")
                }
        }
    }

    private static func faults(in object: JSONObject, _ members: [Member], at path: String) -> [String] {
        let unknown = object.members.filter { member in !members.contains { $0.name == member.name } }
        return unknown.map { "\(path).\($0.name) is not described" }
            + members.flatMap { member -> [String] in
                guard let value = object[member.name] else {
                    return member.isRequired ? ["\(path).\(member.name) is missing"] : []
                }
                return member.schema.faults(in: value, at: "\(path).\(member.name)")
            }
    }
}

extension JSONSchema.TextRules {
    fileprivate func allow(_ text: String) -> Bool {
        if !choices.isEmpty, !choices.contains(text) { return false }
        if let length, !length.contains(text.unicodeScalars.count) { return false }
        if let pattern, !Self.has(text, pattern) { return false }
        return switch format {
        case "uuid": Identifier<Never>(text) != nil
        case "date-time": NumericDate(rfc3339: text) != nil
        case "email": EmailAddress(text) != nil
        default: true
        }
    }

    private static func has(_ text: String, _ pattern: String) -> Bool {
        do {
            return try Regex(pattern).firstMatch(in: text) != nil
        } catch {
            preconditionFailure("not a regular expression: \(pattern)")
        }
    }
}
