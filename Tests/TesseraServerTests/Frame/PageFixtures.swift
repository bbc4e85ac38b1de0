import TesseraHTML
import TesseraTime

@testable import TesseraServer

/// 23 November 2026, 12:00 UTC.
let noon = NumericDate(milliseconds: 1_795_435_200_000)

extension PageContext {
    static func signedIn(notice: String? = nil) -> PageContext {
        PageContext(
            now: noon, person: Person(email: "ember@example.com"), csrf: "forgery-token", notice: notice)
    }

    static func atWork() -> PageContext {
        PageContext(
            now: noon, person: Person(email: "keeper@example.com", isOperator: true), csrf: "forgery-token")
    }

    static func signedOut(notice: String? = nil) -> PageContext {
        PageContext(now: noon, csrf: "forgery-token", notice: notice)
    }
}

extension TokenSummary {
    static func sample(
        id: String = "0193", name: String = "Backup script", lastFour: String = "a1B2",
        scopes: [String] = ["treasure:create", "treasure:edit"], state: State = .active,
        marks: [Mark] = [],
        created: NumericDate = noon - .seconds(86_400), lastUsed: NumericDate? = noon - .seconds(7_200),
        expires: NumericDate? = noon + .seconds(29 * 86_400)
    ) -> TokenSummary {
        TokenSummary(
            id: id, name: name, prefix: "tcp_", lastFour: lastFour, scopes: scopes, state: state,
            marks: marks,
            created: created, lastUsed: lastUsed,
            lastUsedFrom: lastUsed.map { _ in "203.0.113.7" }, expires: expires)
    }
}

extension TokenPage {
    static func sample(
        name: String = "Backup script", state: TokenSummary.State = .active,
        lastUsed: NumericDate? = noon - .seconds(7_200), history: History = History(),
        metadata: [Note] = [], canBeRotated: Bool = true, problem: String? = nil
    ) -> TokenPage {
        TokenPage(
            context: .signedIn(), token: .sample(name: name, state: state, lastUsed: lastUsed),
            history: history, metadata: metadata, canBeRotated: canBeRotated,
            newLikeThis: "/settings/tokens/new?name=Backup+script", problem: problem)
    }
}

extension TokenExpiryPage {
    static func sample(errors: [FieldError] = []) -> TokenExpiryPage {
        TokenExpiryPage(
            context: .signedIn(), token: .sample(), lifetimes: Lifetime.offered(upTo: .seconds(90 * 86_400)),
            latest: noon + .seconds(90 * 86_400), chosen: "30d", errors: errors)
    }
}

extension NewTokenPage.OfferedScope {
    static let catalogue = [
        Self(name: "treasure:create", description: "Create treasures"),
        Self(name: "treasure:edit", description: "Edit treasures"),
        Self(name: "user:edit", description: "Edit the user"),
    ]
}

extension RefusalView {
    static func sample(title: String = "The token was revoked", facts: [Fact]? = nil) -> RefusalView {
        RefusalView(
            id: "0193f2a0-7c1d-7e52-9b1f-2c6d1a4e8f00", title: title,
            sentence: "The request carried a token that its owner revoked 2 hours before.",
            advice: "If the program should go on working, make a new token and give it to the program.",
            facts: facts ?? [
                Fact(label: "When", value: .time(noon - .seconds(300))),
                Fact(label: "Request", value: .code("POST /api/treasures")),
                Fact(label: "Token", value: .text("Backup script (tcp_…a1B2)")),
                Fact(label: "Scopes needed", value: .scopes(["treasure:create"])),
                Fact(label: "Scopes held", value: .scopes([])),
                Fact(label: "Client address", value: .code("203.0.113.7")),
            ])
    }
}

extension SessionSummary {
    static func sample(
        id: String = "0194", device: String = "Firefox on Linux", isThisBrowser: Bool = false
    ) -> SessionSummary {
        SessionSummary(
            id: id, device: device, address: "203.0.113.7", started: noon - .seconds(86_400),
            lastSeen: noon - .seconds(60), isThisBrowser: isThisBrowser)
    }
}

extension UserSummary {
    static func sample(
        id: String = "0195", username: String = "Ember", isOperator: Bool = false,
        disabled: NumericDate? = nil, isReader: Bool = false
    ) -> UserSummary {
        UserSummary(
            id: id, email: "ember@example.com", username: username, isOperator: isOperator,
            created: noon - .seconds(86_400), disabled: disabled, isReader: isReader)
    }
}

extension ActivityEntry {
    static let samples = [
        ActivityEntry(sentence: "You signed in", at: noon - .seconds(60), address: "203.0.113.7"),
        ActivityEntry(sentence: "An operator set your password", at: noon - .seconds(900), address: nil),
    ]
}

extension RequestSummary {
    static let samples = [
        RequestSummary(
            at: noon, method: "GET", path: "/api/me", status: 200, outcome: .done, address: "203.0.113.7",
            token: "Backup"),
        RequestSummary(
            at: noon, method: "POST", path: "/api/tokens", status: 422, outcome: .failed,
            address: "203.0.113.7"),
        RequestSummary(
            at: noon, method: "GET", path: "/api/me", status: 401, outcome: .refused, address: "203.0.113.7",
            token: "Backup", explanation: "/refusals/0193"),
    ]
}

extension RefusalSummary {
    static let samples = [
        RefusalSummary(
            path: "/refusals/0193", at: noon, cause: "expired", status: 401, request: "GET /api/me",
            address: "203.0.113.7", owner: "ember@example.com"),
        RefusalSummary(
            path: "/refusals/0194", at: noon, cause: "unusable-request", status: 400, address: "203.0.113.7"),
    ]
}

extension Page {
    /// The document, read back.
    var document: MarkupReader { MarkupReader(text) }

    /// The document as text.
    var text: String { String(decoding: render(), as: UTF8.self) }
}

extension HTML {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
