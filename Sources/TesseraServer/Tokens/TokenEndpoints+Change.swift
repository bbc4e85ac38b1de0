import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraTime

/// `/api/tokens/ID`: changes to a token that go on with the same string.
extension TokenEndpoints {
    /// `PATCH /api/tokens/ID`: `name`, `expires_at` (null for never), `disabled`, `metadata`; what is not there stays as
    /// it is, by the rules of RFC 7396.
    func changeToken(_ request: Request, _ caller: Caller, _ body: ChangedToken) async throws -> Response {
        let token = try await own.token(request.parameters["id"], of: caller.user)
        var correction = TokenDesk.Correction(
            name: body.name, expiry: body.expiresAt.map { TokenChange.Expiry($0) },
            isSuspended: body.isDisabled)
        if let metadata = body.metadata {
            correction.metadata = try metadata.map(token.metadata.merging) ?? .empty
        }
        let now = clock.now
        let changed = try await own.change(token, correction, for: caller, request, at: now)
        return .json { json in json.object { $0.members(of: changed, at: now, desk.policy) } }
    }
}

extension APIOperation {
    static let changeToken = APIOperation(
        "changeToken", "Change a token", in: .tokens,
        details: "The token itself stays as it is. Members that are not there change nothing (RFC 7396). "
            + "A session needs a fresh password for a later expiry, and to enable a token. "
            + "A token cannot prolong or enable one that may do more than itself.",
        parameters: [.path("id", .identifier)],
        answers: [
            .ok(.token, "The token as it is now."),
            .problem(.notFound, "You have no such token."),
            .problem(.conflict, "The token has ended."),
        ])
}

/// The body of `PATCH /api/tokens/ID`.
struct ChangedToken: APIBody {
    static let schema = JSONSchema.closedObject(
        .optional("name", .name(1...TokenName.longest), "The purpose of the token."),
        .optional("expires_at", .instant.nullable, "An instant in the future; `null` for never."),
        .optional("disabled", .bool, "Refuses the token until it is enabled again."),
        .optional("metadata", .metadataChange.nullable, "Texts to note, `null` for those to take out.")
    ).named("TokenChange")
    static let example = #"{"name": "Backup script", "disabled": true}"#
    static let mediaTypes: [MediaType] = [.mergePatchJSON, .json]

    let name: String?
    /// The outer optional is `nil` for a body without the member, the inner one for `null`.
    let expiresAt: NumericDate??
    let isDisabled: Bool?
    let metadata: [String: String?]??

    init(json: JSONValue) throws {
        var reader = MemberReader(json)
        name = reader.optional("name", .string)
        expiresAt = reader.optional("expires_at", .nullable(.instant))
        isDisabled = reader.optional("disabled", .bool)
        metadata = reader.optional("metadata", .nullable(.textChanges))
        try reader.finish()
    }
}

extension MemberKind<[String: String]> {
    /// An object of strings, no two of its names the same to a person.
    static var texts: Self {
        MemberKind("must be an object of strings") { value in
            guard let members = value.object?.members else { return nil }
            var texts: [String: String] = [:]
            for member in members {
                guard let text = member.value.string, texts.updateValue(text, forKey: member.name) == nil
                else { return nil }
            }
            return texts
        }
    }
}

extension MemberKind<[String: String?]> {
    /// An object of strings, and of nulls for what is to be taken out.
    static var textChanges: Self {
        MemberKind("must be an object of strings and nulls") { value in
            guard let members = value.object?.members else { return nil }
            var texts: [String: String?] = [:]
            for member in members {
                guard member.value.isNull || member.value.string != nil,
                    texts.updateValue(member.value.string, forKey: member.name) == nil
                else { return nil }
            }
            return texts
        }
    }
}
