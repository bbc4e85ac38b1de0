public import TesseraHTTP
public import TesseraJSON

/// The body of a request: one declaration that describes, validates and decodes it.
///
/// An endpoint whose handler takes such a value reads the body, holds it against the schema, and refuses it with everything
/// that is wrong before the handler runs. A type that is `Decodable` needs no initializer of its own; another one can take
/// the members with a `MemberReader`.
///
/// ```swift
/// struct NewCoin: APIBody, Decodable {
///     static let schema = JSONSchema.closedObject(
///         .required("metal", .choice("gold", "silver")), .optional("weight", .integer(1...1_000), "In grams.")
///     ).named("NewCoin")
///     static let example = #"{"metal": "gold", "weight": 20}"#
///     let metal: String
///     let weight: Int?
/// }
/// ```
public protocol APIBody: Sendable {
    /// The rules for the body: a ``JSONSchema/closedObject(_:)`` refuses members that it does not name.
    static var schema: JSONSchema { get }
    /// A body that the schema allows, for people to begin with.
    static var example: String { get }
    /// The media types of the body, the first of which is described: JSON types, or ``TesseraHTTP/MediaType/form`` alone.
    static var mediaTypes: [MediaType] { get }
    /// Indicates that a request without a body is taken for one with an empty object.
    static var isOptional: Bool { get }

    /// Decodes a body that the schema allows.
    ///
    /// - Throws: `Violations` for what no schema can say.
    init(json: JSONValue) throws
}

extension APIBody {
    public static var mediaTypes: [MediaType] { [.json] }
    public static var isOptional: Bool { false }
}

extension APIBody where Self: Decodable {
    public init(json: JSONValue) throws { self = try json.decode() }
}

/// The description of a body, without its type.
public struct BodyDescription: Sendable {
    let mediaTypes: [MediaType]
    /// The rules for the body.
    package let schema: JSONSchema
    /// A body that the schema allows, for people to begin with.
    package let example: String
    /// Indicates that a request without a body is answered as well.
    package let isOptional: Bool

    /// The description that a type declares.
    package init(_ type: (some APIBody).Type) {
        mediaTypes = type.mediaTypes
        schema = type.schema
        example = type.example
        isOptional = type.isOptional
    }

    /// The media type that a document names.
    package var mediaType: MediaType { mediaTypes.first ?? .json }
    /// Indicates that the body is a form, not JSON.
    package var isForm: Bool { mediaType == .form }

    /// The example as a value; `nil` when it is malformed, which tests of the description notice.
    package var exampleValue: JSONValue? { try? value(of: Array(example.utf8)) }

    fileprivate func value(of bytes: [UInt8]) throws -> JSONValue {
        guard isForm else { return try JSONValue.parse(bytes) }
        do throws(FormError) {
            return try schema.value(of: try FormParameters(parsing: bytes))
        } catch {
            throw HTTPError(.badRequest, "The form is malformed. \(error)")
        }
    }
}

extension Request {
    /// Reads the body as a type declares it.
    ///
    /// - Parameter limit: The largest accepted size in bytes.
    /// - Throws: `HTTPError` 415 before the body is read, 413, and 400 for a malformed form; `JSONViolation` for a body that is
    ///   not JSON; `Violations` with everything in which it differs from the schema.
    package func read<Body: APIBody>(_ type: Body.Type, upTo limit: Int) async throws -> Body {
        let description = BodyDescription(type)
        if !description.isOptional { try requireMediaType(description.mediaTypes) }
        let bytes = try await body.collect(upTo: limit)
        let value: JSONValue
        if description.isOptional, bytes.isEmpty {
            value = .object(JSONObject())
        } else {
            if description.isOptional { try requireMediaType(description.mediaTypes) }
            value = try description.value(of: bytes)
        }
        if let violations = Violations(description.schema.violations(in: value)) { throw violations }
        return try Body(json: value)
    }
}

extension JSONSchema {
    /// The parameters of a form as an object.
    ///
    /// A parameter for which the schema has an array may stand several times, and all others once. A number and a Boolean
    /// are written as in JSON.
    ///
    /// - Throws: ``TesseraHTTP/FormError/repeated(name:)``.
    fileprivate func value(of form: FormParameters) throws(FormError) -> JSONValue {
        guard case .object(let described, _) = self.form else { return .object(JSONObject()) }
        var members: [JSONObject.Member] = []
        for (name, _) in form.pairs where !members.contains(where: { $0.name.utf8.elementsEqual(name.utf8) })
        {
            let schema = described.first { $0.name.utf8.elementsEqual(name.utf8) }?.schema ?? .string
            if case .list(let element, _) = schema.form {
                let values = form.values(of: name).map { element.value(of: $0) }
                members.append(JSONObject.Member(name: name, value: .array(values)))
            } else if let text = try form.single(name) {
                members.append(JSONObject.Member(name: name, value: schema.value(of: text)))
            }
        }
        return .object(JSONObject(distinct: members))
    }

    private func value(of text: String) -> JSONValue {
        switch form {
        case .nullable(let schema): schema.value(of: text)
        case .integer, .bool, .true: (try? JSONValue.parse(Array(text.utf8))) ?? .string(text)
        default: .string(text)
        }
    }
}
