import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraTime

extension TokenEndpoints {
    /// `POST /api/tokens/ID/rotate`: makes a token in the place of another, and shows it this once.
    ///
    /// `overlap` says how long the old one lives on: `"24h"` when it is not there, `"0"` for not at all. No body means the
    /// defaults.
    func rotateToken(_ request: Request, _ caller: Caller, _ rotation: Rotation) async throws -> Response {
        let token = try await own.token(request.parameters["id"], of: caller.user)
        let now = clock.now
        do {
            let rotated = try await desk.rotate(
                token, overlap: rotation.overlap ?? TokenDesk.usualOverlap,
                limit: caller.limit(changing: token),
                by: caller.authorization, from: request.peer.host, at: now)
            return created(rotated.issued, at: now) { json in
                json.member("old_expires_at", rotated.old.expiresAt)
            }
        } catch let error as ScopeExceeded {
            throw Refused.notPermitted(caller, error.sentence)
        }
    }
}

extension APIOperation {
    static let rotateToken = APIOperation(
        "rotateToken", "Rotate a token", in: .tokens,
        details: "Makes a token in the place of another, which lives on for the overlap. "
            + "The answer is the only time that the new token is shown.",
        parameters: [.path("id", .identifier)],
        answers: [
            .created(.rotatedToken, "The new token, shown this once."),
            .problem(.notFound, "You have no such token."),
            .problem(.conflict, "The token has ended, is disabled, or was rotated before."),
        ])
}

/// The body of `POST /api/tokens/ID/rotate`.
struct Rotation: APIBody {
    static let schema = JSONSchema.closedObject(
        .optional(
            "overlap", overlapText,
            "The time for which the old token lives on, at most `90d`; `24h` if absent, `0` for none.")
    ).named("Rotation")
    static let example = #"{"overlap": "24h"}"#
    static let isOptional = true

    /// Up to 90 days, which are 2,160 hours, in any of the units.
    private static let overlapText = JSONSchema.string(
        pattern: "^(0|[1-9][0-9]{0,3}[sm]|([1-9][0-9]{0,2}|1[0-9]{3}|20[0-9]{2}|21[0-5][0-9]|2160)h|"
            + "([1-9]|[1-8][0-9]|90)d)$",
        saying: "must be a duration such as 24h, 7d or 0, of at most 90d")

    let overlap: Duration?

    init(json: JSONValue) throws {
        var reader = MemberReader(json)
        overlap = reader.optional("overlap", .duration)
        try reader.finish()
    }
}

extension MemberKind<Duration> {
    /// A duration such as `24h`.
    static var duration: Self {
        MemberKind("must be a duration such as 24h, 7d or 0") { $0.string.flatMap(DurationText.parse) }
    }
}
