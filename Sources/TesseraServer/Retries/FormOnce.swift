import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraTime

/// Forms that make something. A form that is sent twice (a page that is loaded again, a way back, a double click) makes one
/// thing.
extension Retries {
    /// The number of times that a second form looks for the end of the first, and the pause between them.
    private static let waits = 60
    private static let wait = Duration.milliseconds(50)
    /// For how long a claim outlives the number it is made for, so that clocks of nodes may differ.
    private static let clockTolerance = Duration.seconds(3_600)

    static let staleForm =
        "This page was open for too long, or was loaded before an update. Look at the form, and send it again."

    /// A new number for the form that is sent to `path`.
    func formNumber(for path: String, _ visitor: Visitor) -> String {
        FormNumber.draw(for: path, cookie: visitor.cookie, from: random, at: visitor.now).text
    }

    /// Makes something once for the number in a form.
    ///
    /// - Parameters:
    ///   - stale: Answers a form without a number that was drawn for it, or with one that is too old.
    ///   - before: Answers a form that was sent before, by where the thing is found that was made then; `nil` while that is
    ///     not known.
    ///   - make: Does what the form asks for. Takes the number, for a page that shows the form again.
    func once(
        _ request: Request, _ sent: FormParameters, _ visitor: Visitor,
        stale: () async throws -> Response, before: (String?) async throws -> Response,
        make: (String) async throws -> OnceResult<Response>
    ) async throws -> Response {
        let text = try sent.text(FormNumber.field)
        let now = visitor.now
        guard let number = FormNumber(text, for: request.path, cookie: visitor.cookie),
            now < number.expiresAt
        else { return try await stale() }
        let claim = Claim(
            key: Claim.key(.form, [request.path, number.text]), holder: identifiers.next(at: now),
            fingerprint: SHA256.digest(of: number.text), claimedAt: now,
            expiresAt: number.expiresAt + Self.clockTolerance)
        for _ in 0..<Self.waits {
            switch try await once(claim, at: now, { try await make(number.text) }) {
            case .done(let response): return response
            case .before(let answer): return try await before(answer.location)
            case .pending, .differs: try await Task.sleep(for: Self.wait)
            }
        }
        return try await before(nil)
    }
}

extension OnceOutcome {
    /// The consequence for the number of a form: `place` is the page of the thing that was made; `nil` when none was.
    static func made(_ place: String?) -> OnceOutcome {
        place.map { .created(ClaimedAnswer(status: Status.ok.code, location: $0)) } ?? .nothing
    }
}
