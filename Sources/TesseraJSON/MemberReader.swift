/// Reads the members of a request's body one by one and collects all problems, so that a person sees them at once.
///
/// ```swift
/// var reader = MemberReader(body)
/// let name = reader.required("name", .string)
/// let scopes = reader.required("scopes", .strings)
/// let expiry = reader.optional("expires_at", .nullable(.string))
/// if let name, name.utf8.count > 50 { reader.report("must have at most 50 bytes", at: "name") }
/// let (name, scopes) = try reader.finish(name, scopes)
/// ```
///
/// An unknown member is a violation as well, so that a typing error is not silently ignored.
public struct MemberReader {
    private let object: JSONObject
    private let prefix: String
    /// A linear search of a few names is cheaper than hashing.
    private var asked: [String] = []
    private var violations: [Violations.Violation] = []

    /// The largest number of violations that are kept; a body with 100,000 unknown members must not cause an equally
    /// long response.
    private static let limit = 50

    /// Reads the members of `value`; a value that is not an object is a violation.
    ///
    /// - Parameter path: The position of `value` in the body; empty for the body itself.
    public init(_ value: JSONValue, path: String = "") {
        if let object = value.object {
            self.init(object, path: path)
        } else {
            self.init(JSONObject(), path: path)
            violations.append(Violations.Violation(path: path, message: "must be an object"))
        }
    }

    /// Reads the members of `object`.
    ///
    /// - Parameter path: The position of `object` in the body; empty for the body itself.
    public init(_ object: JSONObject, path: String = "") {
        self.object = object
        prefix = path.isEmpty ? "" : path + "."
    }

    /// Makes a reader without members, for an absent body.
    public init() { self.init(JSONObject()) }

    /// Returns the value of a required member. If the member is absent or of the wrong kind, reports that and returns
    /// `nil`.
    public mutating func required<Value>(_ name: String, _ kind: MemberKind<Value>) -> Value? {
        guard let value = member(name) else {
            // If the body is not an object, all members are missing; one report is enough.
            if !violations.contains(where: { $0.path + "." == prefix || $0.path.isEmpty }) {
                report("is required", at: name)
            }
            return nil
        }
        return read(value, kind, name)
    }

    /// Returns the value of an optional member; `nil` if it is absent. A value of the wrong kind is reported.
    public mutating func optional<Value>(_ name: String, _ kind: MemberKind<Value>) -> Value? {
        guard let value = member(name) else { return nil }
        return read(value, kind, name)
    }

    /// Reports a problem of a member's value.
    ///
    /// - Parameters:
    ///   - message: A phrase that continues the name: `must not be empty`.
    ///   - name: The member, or a position inside it: `scopes[1]`.
    public mutating func report(_ message: String, at name: String) {
        guard violations.count < Self.limit else { return }
        violations.append(Violations.Violation(path: prefix + name, message: message))
    }

    /// Adds the violations that another reader has found in a nested object.
    public mutating func report(_ other: Violations) {
        violations.append(contentsOf: other.all.prefix(Self.limit - min(violations.count, Self.limit)))
    }

    /// Ends the reading: reports unknown members, and returns the required values, which are all present if nothing was
    /// reported.
    ///
    /// - Throws: ``Violations`` with everything that was reported.
    public mutating func finish<each Value>(
        _ values: repeat (each Value)?
    ) throws(Violations) -> (repeat each Value) {
        for member in object.members where !wasAsked(member.name) {
            report("is not known", at: String(member.name.unicodeScalars.prefix(64)))
        }
        if let violations = Violations(violations) { throw violations }
        return (repeat try present(each values))
    }

    private func present<Value>(_ value: Value?) throws(Violations) -> Value {
        guard let value else { throw Violations(path: String(prefix.dropLast()), message: "is incomplete") }
        return value
    }

    private mutating func member(_ name: String) -> JSONValue? {
        asked.append(name)
        return object[name]
    }

    /// Compares bytes: names that are equivalent in Unicode are different members.
    private func wasAsked(_ name: String) -> Bool {
        asked.contains { $0.isSameText(as: name) }
    }

    private mutating func read<Value>(_ value: JSONValue, _ kind: MemberKind<Value>, _ name: String) -> Value?
    {
        switch kind.read(value) {
        case .success(let value): return value
        case .failure(let fault):
            report(fault.message, at: name + fault.place)
            return nil
        }
    }
}

/// A kind of member value, and the way to read it.
///
/// A new kind is a static member in an extension:
/// ```swift
/// extension MemberKind<NumericDate> {
///     static var instant: Self { MemberKind("must be a date and time") { $0.string.flatMap(NumericDate.init(rfc3339:)) } }
/// }
/// ```
public struct MemberKind<Value> {
    fileprivate let read: (JSONValue) -> Result<Value, MemberFault>

    /// Makes a kind.
    ///
    /// - Parameters:
    ///   - expectation: The message if `read` returns `nil`: `must be a string`.
    ///   - read: Returns the value, or `nil` if it is of a different kind.
    public init(_ expectation: String, read: @escaping (JSONValue) -> Value?) {
        self.read = { value in
            read(value).map(Result.success) ?? .failure(MemberFault(message: expectation))
        }
    }

    private init(reading: @escaping (JSONValue) -> Result<Value, MemberFault>) {
        read = reading
    }

    /// `null`, which reads as `nil`, or a value of `kind`.
    public static func nullable<Wrapped>(_ kind: MemberKind<Wrapped>) -> Self where Value == Wrapped? {
        Self(reading: { $0.isNull ? .success(nil) : kind.read($0).map(Optional.some) })
    }

    /// An array of `kind`. The first element of a different kind is reported with its index.
    public static func array<Element>(of kind: MemberKind<Element>) -> Self where Value == [Element] {
        Self(reading: { value in
            guard let array = value.array else { return .failure(MemberFault(message: "must be an array")) }
            var elements: [Element] = []
            for (index, value) in array.enumerated() {
                switch kind.read(value) {
                case .success(let element): elements.append(element)
                case .failure(let fault):
                    return .failure(MemberFault(place: "[\(index)]\(fault.place)", message: fault.message))
                }
            }
            return .success(elements)
        })
    }
}

extension MemberKind<String> {
    /// A string.
    public static var string: Self { MemberKind("must be a string") { $0.string } }
}

extension MemberKind<Bool> {
    /// `true` or `false`.
    public static var bool: Self { MemberKind("must be true or false") { $0.bool } }
}

extension MemberKind<Int64> {
    /// An integer that fits into 64 bits.
    public static var integer: Self { MemberKind("must be an integer") { $0.number?.int64 } }
}

extension MemberKind<[String]> {
    /// An array of strings.
    public static var strings: Self { .array(of: .string) }
}

extension MemberKind<JSONObject> {
    /// An object, for a reader of its own.
    public static var object: Self { MemberKind("must be an object") { $0.object } }
}

extension MemberKind<JSONValue> {
    /// Any value.
    public static var any: Self { MemberKind("must be a value") { $0 } }
}

/// The reason why a value is not of a kind, and the position inside the value.
private struct MemberFault: Error {
    var place = ""
    var message: String
}
