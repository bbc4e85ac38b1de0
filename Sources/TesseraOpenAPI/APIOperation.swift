public import TesseraHTTP

/// The description of an endpoint for programs that call it.
///
/// An operation stands beside the handler, and the route table names it. It does not repeat what the route knows: the
/// method, the path, the access, the body, and the answers that follow from these (``DescribedRoute/answers``).
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
    /// The name in a document and in clients made from one; no two operations have the same.
    public let id: String
    /// The purpose, in a few words that begin with a verb.
    public let summary: String
    /// Further facts, in sentences; may be empty.
    public let details: String
    /// The subject under which it is listed.
    public let tag: APITag
    /// Segments of the path and parameters of the query, in the order in which people should read them.
    public let parameters: [Parameter]
    /// The answers to a request that succeeds, and refusals of its own.
    public let answers: [Answer]

    /// An operation; see the properties.
    public init(
        _ id: String, _ summary: String, in tag: APITag, details: String = "", parameters: [Parameter] = [],
        answers: [Answer]
    ) {
        self.id = id
        self.summary = summary
        self.details = details
        self.tag = tag
        self.parameters = parameters
        self.answers = answers
    }
}

extension APIOperation {
    /// A part of the address.
    public struct Parameter: Sendable {
        /// The part of a request that has the parameter.
        package enum Place: String, Sendable {
            case path, query, header
        }

        /// The part of a request that has it.
        package let place: Place
        /// The name as a request writes it.
        package let name: String
        /// The rules for its value.
        package let schema: JSONSchema
        /// The meaning in a sentence; may be empty.
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

    /// An answer that may come back.
    public struct Answer: Sendable {
        /// The status of the answer.
        package let status: Status
        /// The meaning in a sentence.
        package let meaning: String
        /// The media type and the schema of the body; `nil` for no body.
        package let content: Content?
        /// The fields of the header that are described.
        package let fields: [Field]

        /// The body of an answer.
        package struct Content: Sendable {
            /// The media type of the body.
            package let mediaType: MediaType
            /// The rules that it keeps.
            package let schema: JSONSchema
        }

        /// A field of the header.
        public struct Field: Sendable {
            /// The name of the field.
            package let name: FieldName
            /// The rules for its value.
            package let schema: JSONSchema
            /// The meaning in a sentence.
            package let meaning: String
            /// Indicates that every such answer has the field.
            package let isRequired: Bool

            /// A field with its meaning.
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

        /// The answer 200 with a body of JSON.
        public static func ok(_ schema: JSONSchema, _ meaning: String, fields: [Field] = []) -> Answer {
            json(.ok, schema, meaning, fields)
        }

        /// The answer 201 with a body of JSON and `Location`.
        public static func created(_ schema: JSONSchema, _ meaning: String, fields: [Field] = []) -> Answer {
            json(.created, schema, meaning, [.location] + fields)
        }

        /// The answer 204 without a body.
        public static func noContent(_ meaning: String) -> Answer {
            Answer(status: .noContent, meaning: meaning, content: nil, fields: [])
        }

        /// The answer 304: the copy of the caller is still valid.
        public static func notModified(_ meaning: String, fields: [Field] = []) -> Answer {
            Answer(status: .notModified, meaning: meaning, content: nil, fields: fields)
        }

        /// A refusal: problem details, and an identifier under which the reason is kept.
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
    /// The address of something new.
    public static let location = Self(.location, "The address of the new resource.", isRequired: true)
    /// The links to other pages of a list.
    public static let link = Self(.link, "Leads to other pages of the list (RFC 8288).")
    /// The time to wait after a refusal that passes.
    public static let retryAfter = Self(
        .retryAfter, "The number of seconds after which to try again.", .string(pattern: "^[0-9]+$"),
        isRequired: true)
    static let challenge = Self(
        .wwwAuthenticate,
        "The credentials that are needed, and the fault of those that were sent (RFC 6750).")
    static let tesseraRefusal = Self(
        .tesseraRefusal, "Leads to the reason, at `/refusals/ID` or by `tessera explain ID`.", .identifier,
        isRequired: true)
    static let tesseraTokenExpires = Self(
        .tesseraTokenExpires, "The expiry of the token of this request, if that is within 7 days.",
        // Only described: no request carries it.
        .string(TextFormat("date-time", "must be an instant") { _ in true }))
    /// The entity tag of the content.
    package static let entityTag = Self(.entityTag, "Names this content (RFC 9110 §8.8.3).", isRequired: true)
}

/// A subject under which operations are listed together.
public struct APITag: Sendable, Hashable {
    /// The name, as a heading shows it.
    public let name: String
    /// The subject of the operations, in a sentence.
    public let meaning: String

    /// A subject with its meaning.
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
        .required("detail", .string, "The reason, in a sentence."),
        .required("refusal", .identifier, "The identifier under which the reason is kept."))

    /// The body of every refusal (RFC 9457).
    static let problem = problemMembers.named("Problem")

    /// The body of an error of the OAuth endpoints (RFC 6749 §5.2).
    static let oauthError = object(
        .required("error", .string, "The code of the error."),
        .optional("error_description", .string, "The reason, in a sentence."),
        .optional("error_uri", .string, "The address of a page with the reason.")
    ).named("OAuthError")

    /// A refusal of a body that is JSON and breaks a rule.
    static let violationProblem = problemMembers.with(
        .required(
            "violations",
            .array(
                of: .object(
                    .required(
                        "path", .string, "The member: `name`, `scopes[1]`; empty for the body as a whole."),
                    .required("message", .string, "The fault, as a phrase that goes on from the path.")),
                count: 1...Int.max),
            "All faults of the body.")
    ).named("ProblemWithViolations")
}
