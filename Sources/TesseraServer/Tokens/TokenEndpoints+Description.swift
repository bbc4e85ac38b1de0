import TesseraCore
import TesseraHTTP

extension APIOperation {
    static let listTokens = APIOperation(
        "listTokens", "List my tokens", in: .tokens,
        details: "Newest first, 50 a page, those that have ended among them. `Link` leads to the next page.",
        parameters: [.query("before", .identifier, "Goes on behind this token.")],
        answers: [.ok(.array(of: .token, count: 0...50), "A page of tokens.", fields: [.link])])

    static let createToken = APIOperation(
        "createToken", "Make a token", in: .tokens,
        details: "The answer is the only time that the token is shown. "
            + "A token can make one that may do as much as itself at most.",
        body: .json(
            .newToken, example: #"{"name": "Backup script", "scopes": ["tokens:read"], "expires_at": null}"#),
        answers: [
            .created(.issuedToken, "The token, shown this once."),
            .problem(.conflict, "You have as many tokens as you may have."),
        ])

    static let deleteToken = APIOperation(
        "deleteToken", "Revoke a token", in: .tokens,
        details: "It is refused everywhere from the moment of the answer.",
        parameters: [.path("id", .identifier)],
        answers: [
            .noContent("The token is revoked, or was before."),
            .problem(.notFound, "You have no such token."),
        ])
}

extension JSONSchema {
    private static let tokenMembers = object(
        .required("id", .identifier),
        .required("name", .string),
        .required("kind", .tokenKind),
        .required("scopes", .scopes, "What it may do at most."),
        .required("last_four", .string(4...4), "The last characters of the token, to recognize it by."),
        .required("state", .choice(AccessToken.State.allCases.map(\.rawValue))),
        .required("created_at", .instant),
        .required(
            "expires_at", .instant.nullable, "The first instant at which it is dead; `null` for never."),
        .required(
            "exceeds_policy", .bool, "Whether it outlives what the operator's policy allows new tokens."),
        .required("revoked_at", .instant.nullable, "`null` while it was not revoked."),
        .required("disabled_at", .instant.nullable, "Since when its owner has disabled it; `null` for not."),
        .required("last_used_at", .instant.nullable, "To within a few seconds; `null` when it never was."),
        .required(
            "last_used_from", .string.nullable,
            "The address it came from then; `null` when that is not known, `local` for a UNIX socket."),
        .required("replaces", .identifier.nullable, "The token in whose place it was made by rotation."),
        .required("replaced_by", .identifier.nullable, "The token that was made in its place by rotation."),
        .required("metadata", .metadata, "What its owner has noted on it."))

    /// A token without the token.
    static let token = tokenMembers.named("Token")

    private static let shownOnce =
        "Stands behind `Authorization: Bearer`. Missing in the answer to a repeated request."

    /// A token at the one time when it is shown.
    static let issuedToken = tokenMembers.with(
        .optional("token", .string, shownOnce)
    ).named("IssuedToken")

    /// A token that was made in the place of another, at the one time when it is shown.
    static let rotatedToken = tokenMembers.with(
        .optional("token", .string, shownOnce),
        .required("old_expires_at", .instant.nullable, "Until when the old token lives on.")
    ).named("RotatedToken")

    fileprivate static let newToken = closedObject(
        .required("name", .name(1...TokenName.longest), "What it is for."),
        .required("scopes", .scopes, "What it may do at most; names of the catalogue."),
        .optional("expires_at", .instant.nullable, "An instant in the future; `null` or absent for never."),
        .optional("format", .choice("opaque")),
        .optional("metadata", .metadata, "Notes that are returned where the token is checked; no secrets.")
    ).named("NewToken")
}
