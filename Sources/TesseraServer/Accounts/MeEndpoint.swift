import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraTime

/// `GET /api/me`: the account of the caller, and what the credentials permit.
struct MeEndpoint: Sendable {
    let authenticator: Authenticator
    let catalogue: ScopeCatalogue

    func addRoutes(to router: inout Router) {
        router.get(
            "/api/me", authenticator.protectImmediate(token: Self.showToken, session: showPerson), .showMe)
    }

    /// Answers a program with the owner of its token, and what the token permits.
    private static func showToken(_ request: Request, _ verified: VerifiedAccessToken) throws -> Response {
        .json { $0.me(verified) }
    }

    /// Answers a person in a session.
    private func showPerson(_ request: Request, _ user: User) throws -> Response {
        .json { json in
            json.object { json in
                json.members(of: user, mayDo: catalogue.rights(of: user))
                json.member("token", String?.none)
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func me(_ verified: borrowing VerifiedAccessToken) {
        object { json in
            verified.rights.withKept(
                { owner, scope in JSONWriter.members { $0.members(of: owner, mayDo: scope) } },
                { json.members(written: $0) })
            json.member("token") { json in
                json.object { json in
                    json.member("id", verified.id)
                    json.member("name", verified.name.text)
                    json.member("kind", literal: verified.kind.word)
                    json.member("expires_at", verified.expiresAt)
                    let metadata = verified.rights.metadata
                    if !metadata.isEmpty { json.member("metadata", metadata) }
                }
            }
        }
    }

    /// The account of a user, and its rights.
    fileprivate mutating func members(of user: User, mayDo scope: Scope) {
        member("id", user.id)
        member("email", user.email.text)
        member("username", user.username)
        member("scopes", scope)
    }
}

extension TokenKind {
    /// The kind as the API spells it; known when the program is written, so that nothing has to be escaped.
    fileprivate var word: StaticString {
        switch self {
        case .personal: "personal"
        case .oauth: "oauth"
        }
    }
}

extension APIOperation {
    static let showMe = APIOperation(
        "showMe", "Show who I am", in: .caller,
        details: "For a token: what it may do now, which is its scopes and what its owner may do. "
            + "For a session: what the person may do.",
        answers: [.ok(.me, "Who the credentials stand for, and what they may do.")])
}

extension JSONSchema {
    fileprivate static let me = object(
        .required("id", .identifier),
        .required("email", .string),
        .required("username", .string),
        .required("scopes", .scopes, "What may be done with these credentials."),
        .required(
            "token",
            object(
                .required("id", .identifier),
                .required("name", .string),
                .required("kind", .tokenKind),
                .required("expires_at", .instant.nullable, "`null` for never."),
                .optional(
                    "metadata", .metadata, "What its owner has noted on it; absent when there is nothing.")
            ).nullable, "The token that was sent; `null` for a session.")
    ).named("Me")
}
