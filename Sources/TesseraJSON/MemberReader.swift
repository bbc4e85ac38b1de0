/// Takes the members of a request's body one by one, and collects everything that is wrong, so that a person
/// hears of all of it at once.
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
/// A member that nobody asked for is a violation too, so that a typo is not silently ignored.
public struct MemberReader {
    private let object: JSONObject
    private let prefix: String
    /// A handful; looking through them is cheaper than hashing.
    private var asked: [String] = []
    private var violations: [Violations.Violation] = []

    /// How many violations are kept; a body of 100,000 unknown members needs no answer of that length.
    private static let limit = 50

    /// Reads the members of `value`; that it is no object is a violation like others.
    ///
    /// - Parameter path: Where `value` stands in the body; empty for the body itself.
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
    /// - Parameter path: Where `object` stands in the body; empty for the body itself.
    public init(_ object: JSONObject, path: String = "") {
        self.object = object
        prefix = path.isEmpty ? "" : path + "."
    }

    /// A reader without members, for a body that is left out.
    public init() { self.init(JSONObject()) }

    /// The value of a member that must be there; nil when it is not or is of another kind, which is then
    /// reported.
    public mutating func required<Value>(_ name: String, _ kind: MemberKind<Value>) -> Value? {
        guard let value = member(name) else {
            // A body that is no object at all lacks everything; saying so once is enough.
            if !violations.contains(where: { $0.path + "." == prefix || $0.path.isEmpty }) {
                report("is required", at: name)
            }
            return nil
        }
        return read(value, kind, name)
    }

    /// The value of a member that may be absent; nil when it is, and when it is of another kind, which is
    /// then reported.
    public mutating func optional<Value>(_ name: String, _ kind: MemberKind<Value>) -> Value? {
        guard let value = member(name) else { return nil }
        return read(value, kind, name)
    }

    /// Reports what is wrong with a member's value.
    ///
    /// - Parameters:
    ///   - message: A phrase that goes on from the name: `must not be empty`.
    ///   - name: The member, or a place inside it: `scopes[1]`.
    public mutating func report(_ message: String, at name: String) {
        guard violations.count < Self.limit else { return }
        violations.append(Violations.Violation(path: prefix + name, message: message))
    }

    /// Reports what another reader, for an object further inside, found.
    public mutating func report(_ other: Violations) {
        violations.append(contentsOf: other.all.prefix(Self.limit - min(violations.count, Self.limit)))
    }

    /// Ends the reading: reports the members that nobody asked for, and hands back the required values,
    /// which are all there when nothing was reported.
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

    /// By bytes: names that Unicode calls equivalent are different members.
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

/// What kind of value a member has, and how it is read.
///
/// A new kind is a static member in an extension:
/// ```swift
/// extension MemberKind<NumericDate> {
///     static var instant: Self { MemberKind("must be a date and time") { $0.string.flatMap(NumericDate.init(rfc3339:)) } }
/// }
/// ```
public struct MemberKind<Value> {
    fileprivate let read: (JSONValue) -> Result<Value, MemberFault>

    /// A kind.
    ///
    /// - Parameters:
    ///   - expectation: What people hear when `read` gives nil: `must be a string`.
    ///   - read: The value; nil when it is of another kind.
    public init(_ expectation: String, read: @escaping (JSONValue) -> Value?) {
        self.read = { value in
            read(value).map(Result.success) ?? .failure(MemberFault(message: expectation))
        }
    }

    private init(reading: @escaping (JSONValue) -> Result<Value, MemberFault>) {
        read = reading
    }

    /// `null`, which reads as nil, or a value of `kind`.
    public static func nullable<Wrapped>(_ kind: MemberKind<Wrapped>) -> Self where Value == Wrapped? {
        Self(reading: { $0.isNull ? .success(nil) : kind.read($0).map(Optional.some) })
    }

    /// An array whose elements are all of `kind`. The first one that is not is reported, with its index.
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
    /// A number without fraction or exponent, of 64 bits.
    public static var integer: Self { MemberKind("must be an integer") { $0.number?.int64 } }
}

extension MemberKind<[String]> {
    /// An array of strings.
    public static var strings: Self { .array(of: .string) }
}

extension MemberKind<JSONObject> {
    /// An object, to be read by a reader of its own.
    public static var object: Self { MemberKind("must be an object") { $0.object } }
}

extension MemberKind<JSONValue> {
    /// Any value at all.
    public static var any: Self { MemberKind("must be a value") { $0 } }
}

/// Why a value is not of a kind, and where inside the value.
private struct MemberFault: Error {
    var place = ""
    var message: String
}
