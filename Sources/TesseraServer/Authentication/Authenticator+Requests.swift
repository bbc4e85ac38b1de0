import TesseraCore
import TesseraHTTP
import TesseraTime

extension Authenticator {
    /// Answers a request with a token that was accepted, which has been admitted to the log, and keeps what became of it.
    func keeping(
        _ request: Request, _ token: VerifiedAccessToken, at now: NumericDate,
        _ answer: () throws -> Response
    ) throws -> Response {
        let response: Response
        do { response = try answer() } catch { response = try answerToKeep(error, request) }
        keep(request, token, response.status, at: now)
        return response
    }

    /// The same for an answer that has to be waited for, if the log admits the request.
    func noting(
        _ request: Request, _ caller: Caller, at now: NumericDate, _ answer: () async throws -> Response
    ) async throws -> Response {
        guard case .token(let token) = caller, requests.admit(at: now) else { return try await answer() }
        let response: Response
        do { response = try await answer() } catch { response = try answerToKeep(error, request) }
        keep(request, token, response.status, at: now)
        return response
    }

    /// Answers what went wrong here already, so that its status is known. A refusal goes on: it is kept as such.
    private func answerToKeep(_ error: any Error, _ request: Request) throws -> Response {
        if error is Refused { throw error }
        return errors.response(to: error, for: request)
    }

    private func keep(
        _ request: Request, _ token: VerifiedAccessToken, _ status: Status, at now: NumericDate
    ) {
        requests.keep(
            TokenRequest(
                id: errors.identifiers.next(at: now), at: now, token: token.id, owner: token.subject.user,
                method: request.method.text, path: request.path, status: status.code,
                address: request.peer.host))
    }
}
