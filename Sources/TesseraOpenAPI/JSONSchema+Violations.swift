public import TesseraJSON

extension JSONSchema {
    /// Everything in which a value differs from this schema, at most 50 differences; empty for a value that it allows.
    ///
    /// The server enforces the schema of a body with this before a handler runs. A length counts Unicode scalars, and a
    /// number that is whole is an integer however it is written, as JSON Schema has it (2020-12, Validation §6.3, Core
    /// §4.2.2).
    public func violations(in value: JSONValue) -> [Violations.Violation] {
        differences(in: value, isOpenToMembers: true)
    }

    /// The same, for tests of answers also without members that no object of the schema names.
    ///
    /// - Parameter isOpenToMembers: Whether an open object may have members that it does not name.
    package func differences(in value: JSONValue, isOpenToMembers: Bool) -> [Violations.Violation] {
        var check = SchemaCheck(isOpenToMembers: isOpenToMembers)
        check.check(value, self, at: "")
        return check.found
    }
}

/// Collects the differences between a value and a schema.
struct SchemaCheck {
    let isOpenToMembers: Bool
    private(set) var found: [Violations.Violation] = []

    /// A body with 100,000 unknown members needs no answer of that length.
    private static let limit = 50
    /// Names that a client has chosen are cut off in an answer.
    private static let longestName = 64

    init(isOpenToMembers: Bool) { self.isOpenToMembers = isOpenToMembers }

    private mutating func report(_ message: String, at path: String) {
        guard found.count < Self.limit else { return }
        found.append(Violations.Violation(path: path, message: message))
    }

    mutating func check(_ value: JSONValue, _ schema: JSONSchema, at path: String) {
        switch schema.form {
        case .any: break
        case .nullable(let schema): if !value.isNull { check(value, schema, at: path) }
        case .true: if value.bool != true { report("must be true", at: path) }
        case .bool: if value.bool == nil { report("must be true or false", at: path) }
        case .integer(let range):
            if value.number?.int64.map(range.contains) != true { report(Self.expectation(range), at: path) }
        case .text(let rules):
            if let message = rules.fault(in: value.string) { report(message, at: path) }
        case .list(let element, let count):
            guard let elements = value.array else { return report("must be an array", at: path) }
            if !count.contains(elements.count) { report(Self.expectation(count, "element"), at: path) }
            for (index, value) in elements.enumerated() where found.count < Self.limit {
                check(value, element, at: "\(path)[\(index)]")
            }
        case .object(let members, let isClosed):
            guard let object = value.object else { return report("must be an object", at: path) }
            check(object, members, isClosed: isClosed || !isOpenToMembers, at: path)
        case .map(let element, let names, let count):
            guard let members = value.object?.members else { return report("must be an object", at: path) }
            if !count.contains(members.count) { report(Self.expectation(count, "member"), at: path) }
            for member in members where found.count < Self.limit {
                if case .text(let rules) = names.form, let message = rules.fault(in: member.name) {
                    report("has a member whose name \(message)", at: path)
                }
                check(member.value, element, at: Self.path(path, member.name))
            }
        }
    }

    private mutating func check(
        _ object: JSONObject, _ members: [JSONSchema.Member], isClosed: Bool, at path: String
    ) {
        for member in members {
            if let value = object[member.name] {
                check(value, member.schema, at: Self.path(path, member.name))
            } else if member.isRequired {
                report("is required", at: Self.path(path, member.name))
            }
        }
        guard isClosed else { return }
        // By bytes: names that Unicode calls equivalent are different members.
        for member in object.members
        where !members.contains(where: { $0.name.utf8.elementsEqual(member.name.utf8) }) {
            report("is not known", at: Self.path(path, member.name))
        }
    }

    private static func path(_ path: String, _ name: String) -> String {
        let name = String(name.unicodeScalars.prefix(longestName))
        return path.isEmpty ? name : "\(path).\(name)"
    }

    private static func expectation(_ range: ClosedRange<Int64>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (.min, .max): "must be an integer of at most 64 bits"
        case (let least, .max): "must be an integer of at least \(least)"
        case (.min, let most): "must be an integer of at most \(most)"
        case (let least, let most): "must be an integer from \(least) to \(most)"
        }
    }

    static func expectation(_ count: ClosedRange<Int>, _ thing: String) -> String {
        func things(_ count: Int) -> String { count == 1 ? "1 \(thing)" : "\(count) \(thing)s" }
        return switch (count.lowerBound, count.upperBound) {
        case (1, .max): "must not be empty"
        case (let least, .max): "must have at least \(things(least))"
        case (0, let most): "must have at most \(things(most))"
        case (let least, let most) where least == most: "must have \(things(most))"
        case (let least, let most): "must have \(least) to \(things(most))"
        }
    }
}

extension JSONSchema.TextRules {
    /// The phrase for a text that breaks these rules, or for `nil`, which is no text; `nil` when it keeps them.
    fileprivate func fault(in text: String?) -> String? {
        guard let text else { return "must be a string" }
        if !choices.isEmpty, !choices.contains(where: { $0.utf8.elementsEqual(text.utf8) }) {
            return "must be " + choices.map { "“\($0)”" }.joined(separator: " or ")
        }
        // Before a pattern, which takes time for long texts.
        if let length, !length.contains(text.unicodeScalars.count) {
            return expectation ?? SchemaCheck.expectation(length, "character")
        }
        if let pattern, !pattern.matches(text) {
            return expectation ?? "must have the form that the API describes"
        }
        if let format, !format.accepts(text) { return expectation ?? format.expectation }
        return nil
    }
}
