public import TesseraHTTP
package import TesseraJSON

/// What a program has to know of an endpoint in order to call it.
///
/// Stands beside the handler, and is named in the route table. What is known there already is not repeated here: the
/// method, the path, who may call, and the answers that follow from these (see ``DescribedRoute/answers``).
///
/// ```swift
/// extension APIOperation {
///     static let showTreasure = APIOperation(
///         "showTreasure", "Show a treasure", in: .treasures,
///         parameters: [.path("id", .identifier)],
///         answers: [
///             .ok(.treasure, "The treasure."),
///             .problem(.notFound, "There is no such treasure, or it is not for this caller."),
///         ])
/// }
/// ```
public struct APIOperation: Sendable {
    /// Names it in a document and in clients made from one; no two operations have the same.
    public let id: String
    /// What it does, in a few words that begin with a verb.
    public let summary: String
    /// What else is worth knowing, in sentences; may be empty.
    public let details: String
    public let tag: APITag
    /// Segments of the path and parameters of the query, in the order in which people should read them.
    public let parameters: [Parameter]
    /// `nil` for a request without a body.
    public let body: Body?
    /// What it answers when all goes well, and refusals of its own.
    public let answers: [Answer]

    public init(
        _ id: String, _ summary: String, in tag: APITag, details: String = "", parameters: [Parameter] = [],
        body: Body? = nil, answers: [Answer]
    ) {
        self.id = id
        self.summary = summary
        self.details = details
        self.tag = tag
        self.parameters = parameters
        self.body = body
        self.answers = answers
    }
}

extension APIOperation {
    /// A part of the address.
    public struct Parameter: Sendable {
        package enum Place: String, Sendable {
            case path, query, header
        }

        package let place: Place
        package let name: String
        package let schema: JSONSchema
        package let meaning: String

        /// A segment that the pattern of the route calls `:name`.
        public static func path(_ name: String, _ schema: JSONSchema, _ meaning: String = "") -> Parameter {
            Parameter(place: .path, name: name, schema: schema, meaning: meaning)
        }

        /// A parameter of the query, which may be absent.
        public static func query(_ name: String, _ schema: JSONSchema, _ meaning: String = "") -> Parameter {
            Parameter(place: .query, name: name, schema: schema, meaning: meaning)
        }
    }

    /// What a request carries.
    public struct Body: Sendable {
        package let mediaType: MediaType
        package let schema: JSONSchema
        /// JSON that the schema allows, for people to begin with.
        package let example: String
        /// Whether a request without a body is answered as well.
        package let isOptional: Bool

        /// The example as a value; `nil` when it is not JSON, which tests of the description notice.
        package var exampleValue: JSONValue? {
            do { return try JSONValue.parse(Array(example.utf8)) } catch { return nil }
        }

        /// - Parameters:
        ///   - schema: What it must be like; a ``JSONSchema/closedObject(_:)``.
        ///   - example: JSON that the schema allows, for people to begin with.
        public static func json(
            _ schema: JSONSchema, example: String, as mediaType: MediaType = .json, isOptional: Bool = false
        ) -> Body {
            Body(mediaType: mediaType, schema: schema, example: example, isOptional: isOptional)
        }
    }

    /// What may come back.
    public struct Answer: Sendable {
        package let status: Status
        /// In a sentence.
        package let meaning: String
        /// The media type of the body, and what it is like; `nil` for no body.
        package let content: Content?
        package let fields: [Field]

        package struct Content: Sendable {
            package let mediaType: MediaType
            package let schema: JSONSchema
        }

        /// A field that comes along.
        public struct Field: Sendable {
            package let name: FieldName
            package let schema: JSONSchema
            package let meaning: String
            package let isRequired: Bool

            public init(
                _ name: FieldName, _ meaning: String, _ schema: JSONSchema = .string, isRequired: Bool = false
            ) {
                self.name = name
                self.schema = schema
                self.meaning = meaning
                self.isRequired = isRequired
            }
        }

        private static func json(
            _ status: Status, _ schema: JSONSchema, _ meaning: String, _ fields: [Field]
        ) -> Answer {
            Answer(
                status: status, meaning: meaning, content: Content(mediaType: .json, schema: schema),
                fields: fields)
        }

        public static func ok(_ schema: JSONSchema, _ meaning: String, fields: [Field] = []) -> Answer {
            json(.ok, schema, meaning, fields)
        }

        public static func created(_ schema: JSONSchema, _ meaning: String, fields: [Field] = []) -> Answer {
            json(.created, schema, meaning, [.location] + fields)
        }

        public static func noContent(_ meaning: String) -> Answer {
            Answer(status: .noContent, meaning: meaning, content: nil, fields: [])
        }

        /// The copy that the caller has is still good.
        public static func notModified(_ meaning: String, fields: [Field] = []) -> Answer {
            Answer(status: .notModified, meaning: meaning, content: nil, fields: fields)
        }

        /// A refusal, as every other: problem details and an identifier under which the reason is kept.
        public static func problem(_ status: Status, _ meaning: String, fields: [Field] = []) -> Answer {
            let schema: JSONSchema = status == .unprocessableContent ? .violationProblem : .problem
            return Answer(
                status: status, meaning: meaning, content: Content(mediaType: .problemJSON, schema: schema),
                fields: fields + [.tesseraRefusal])
        }
    }
}

extension APIOperation.Parameter {
    /// The field of requests that create something.
    static let idempotencyKey = Self(
        place: .header, name: FieldName.idempotencyKey.text,
        schema: .string(
            pattern: #"^("([ !#-\[\]-~]|\\["\\]){1,255}"|[!#$%&'*+./0-9:=A-Z^_`a-z|~-]{1,255})$"#),
        meaning:
            "Names this attempt, for a caller with credentials: a second request with the same key within 24 hours "
            + "creates nothing and gets the same answer, without the secret.")
}

extension APIOperation.Answer.Field {
    public static let location = Self(.location, "Where it is found from now on.", isRequired: true)
    /// Leads to other pages of a list.
    public static let link = Self(.link, "Leads to other pages of the list (RFC 8288).")
    /// For refusals that pass with time.
    public static let retryAfter = Self(
        .retryAfter, "After how many seconds to try again.", .string(pattern: "^[0-9]+$"), isRequired: true)
    static let challenge = Self(
        .wwwAuthenticate,
        "Which credentials are needed, and what is wrong with those that were sent (RFC 6750).")
    static let tesseraRefusal = Self(
        .tesseraRefusal, "Leads to the reason, at `/refusals/ID` or by `tessera explain ID`.", .identifier,
        isRequired: true)
    static let tesseraTokenExpires = Self(
        .tesseraTokenExpires, "When the token of this request will expire, if that is within 7 days.",
        .instant)
    package static let entityTag = Self(.entityTag, "Names this content (RFC 9110 §8.8.3).", isRequired: true)
}

/// A subject under which operations are listed together.
public struct APITag: Sendable, Hashable {
    public let name: String
    /// What the operations have in common, in a sentence.
    public let meaning: String

    public init(_ name: String, _ meaning: String) {
        self.name = name
        self.meaning = meaning
    }
}

extension JSONSchema {
    private static let problemMembers = JSONSchema.object(
        .required(
            "type", .string,
            "A URI that names the kind of problem; `about:blank` says no more than the status."),
        .required("title", .string, "The phrase that goes with the status."),
        .required("status", .integer(400...599)),
        .required("detail", .string, "What is wrong, in a sentence."),
        .required("refusal", .identifier, "The identifier under which the reason is kept."))

    /// What every refusal carries, RFC 9457.
    static let problem = problemMembers.named("Problem")

    /// A refusal of a body that is JSON, but not what was asked for.
    static let violationProblem = problemMembers.with(
        .required(
            "violations",
            .array(
                of: .object(
                    .required("path", .string, "Where: `name`, `scopes[1]`; empty for the body as a whole."),
                    .required("message", .string, "What is wrong, as a phrase that goes on from the path.")),
                count: 1...Int.max),
            "Everything that is wrong.")
    ).named("ProblemWithViolations")
}
