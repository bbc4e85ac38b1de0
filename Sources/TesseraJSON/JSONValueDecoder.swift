extension JSONValue {
    /// Decodes a value of this type.
    ///
    /// A number becomes an integer only if it is whole and in range, and never a string or a Boolean.
    ///
    /// - Throws: ``Violations`` with the first place that the type cannot take.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws(Violations) -> Value {
        do {
            return try JSONValueDecoder(value: self, codingPath: []).decode(type)
        } catch let violations as Violations {
            throw violations
        } catch DecodingError.dataCorrupted(let context) {
            throw Violations(path: context.codingPath.memberPath, message: context.debugDescription)
        } catch DecodingError.keyNotFound(let key, let context) {
            throw Violations(path: (context.codingPath + [key]).memberPath, message: "is required")
        } catch {
            throw Violations(path: "", message: "does not have the form that it should have")
        }
    }
}

/// A value of a single type in JSON, which no other type is made of.
private protocol JSONScalar {
    /// The phrase for a value of another type: `must be a string`.
    static var expectation: String { get }
    /// The value; `nil` for JSON of another type.
    static func read(_ json: JSONValue) -> Self?
}

/// Decodes one value, and as a container the members or elements inside it.
private struct JSONValueDecoder: Decoder, SingleValueDecodingContainer {
    let value: JSONValue
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let object = value.object else { throw violation("must be an object") }
        return KeyedDecodingContainer(MemberContainer(object: object, decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = value.array else { throw violation("must be an array") }
        return ElementContainer(elements: elements, decoder: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { value.isNull }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard let scalar = type as? any JSONScalar.Type else { return try Value(from: self) }
        guard let value = scalar.read(value) as? Value else { throw violation(scalar.expectation) }
        return value
    }

    /// The decoder of a member or an element.
    func inside(_ value: JSONValue, _ key: some CodingKey) -> JSONValueDecoder {
        JSONValueDecoder(value: value, codingPath: codingPath + [key])
    }

    private func violation(_ message: String) -> Violations {
        Violations(path: codingPath.memberPath, message: message)
    }
}

private struct MemberContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let object: JSONObject
    let decoder: JSONValueDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] { object.members.compactMap { Key(stringValue: $0.name) } }

    func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }

    private func member(_ key: some CodingKey) throws -> JSONValueDecoder {
        guard let value = object[key.stringValue] else {
            throw Violations(path: (codingPath + [key]).memberPath, message: "is required")
        }
        return decoder.inside(value, key)
    }

    func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try member(key).decode(type)
    }
    func nestedContainer<Inner>(
        keyedBy type: Inner.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Inner> { try member(key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try member(key).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { try member(MemberKey(stringValue: "super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
}

private struct ElementContainer: UnkeyedDecodingContainer {
    let elements: [JSONValue]
    let decoder: JSONValueDecoder
    private(set) var currentIndex = 0

    init(elements: [JSONValue], decoder: JSONValueDecoder) {
        self.elements = elements
        self.decoder = decoder
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    /// The decoder of the next element, which it passes over.
    private mutating func next() throws -> JSONValueDecoder {
        let key = MemberKey(intValue: currentIndex)
        guard !isAtEnd else {
            throw Violations(path: (codingPath + [key]).memberPath, message: "is required")
        }
        defer { currentIndex += 1 }
        return decoder.inside(elements[currentIndex], key)
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next().decode(type) }
    mutating func nestedContainer<Inner>(keyedBy type: Inner.Type) throws -> KeyedDecodingContainer<Inner> {
        try next().container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next().unkeyedContainer()
    }
    mutating func superDecoder() throws -> any Decoder { try next() }
}

private struct MemberKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }
}

extension [any CodingKey] {
    /// The path as ``Violations/Violation/path`` writes it: `owner.name`, `scopes[1]`.
    fileprivate var memberPath: String {
        reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : "." + key.stringValue
            }
        }
    }
}

extension String: JSONScalar {
    static var expectation: String { "must be a string" }
    static func read(_ json: JSONValue) -> String? { json.string }
}

extension Bool: JSONScalar {
    static var expectation: String { "must be true or false" }
    static func read(_ json: JSONValue) -> Bool? { json.bool }
}

extension Double: JSONScalar {
    static var expectation: String { "must be a number" }
    static func read(_ json: JSONValue) -> Double? { json.number?.double }
}

extension JSONScalar where Self: FixedWidthInteger {
    static var expectation: String { "must be an integer from \(Self.min) to \(Self.max)" }
    static func read(_ json: JSONValue) -> Self? {
        json.number.flatMap { $0.int64.flatMap(Self.init(exactly:)) ?? Self($0.text) }
    }
}

extension Int: JSONScalar {}
extension Int64: JSONScalar {}
extension Int32: JSONScalar {}
extension Int16: JSONScalar {}
extension Int8: JSONScalar {}
extension UInt: JSONScalar {}
extension UInt64: JSONScalar {}
extension UInt32: JSONScalar {}
extension UInt16: JSONScalar {}
extension UInt8: JSONScalar {}
