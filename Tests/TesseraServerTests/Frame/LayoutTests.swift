import TesseraCrypto
import Testing

@testable import TesseraServer

@Suite struct LayoutTests {
    /// One of each page, with every optional part there.
    static let pages: [any Page] = [
        HomePage(context: .signedOut()),
        HomePage(
            context: .signedIn(), overview: .init(activeTokens: 3, expiringSoon: 1, disabledTokens: 2)),
        SignInPage(context: .signedOut(notice: "You are signed out."), next: "/"),
        SignInPage(context: .signedOut(), email: "a@b.example", next: "/", error: "Wrong."),
        TokensPage(context: .signedIn(), tokens: []),
        TokensPage(
            context: .signedIn(notice: "Token revoked."),
            tokens: [
                .sample(id: "1"), .sample(id: "2", state: .expiresSoon), .sample(id: "3", state: .expired),
                .sample(id: "4", scopes: [], state: .revoked, lastUsed: nil, expires: nil),
            ], previousPage: "?page=1", nextPage: "?page=3"),
        TokensPage(
            context: .signedIn(),
            tokens: [
                .sample(id: "1", state: .beingReplaced),
                .sample(id: "2", state: .disabled, marks: [.unused(days: 90), .outlivesPolicy]),
            ], concerns: [(.expiring, 1), (.unused, 2), (.exceeding, 3)], canRevokeAll: true),
        TokensPage(context: .signedIn(), tokens: [.sample()], shown: .unused),
        TokensPage(context: .signedIn(), tokens: [], shown: .expiring),
        TokensPage(context: .signedIn(), tokens: [.sample()], shown: .active, shownCount: 1),
        TokenPage.sample(),
        TokenPage.sample(
            state: .beingReplaced, history: .init(replaces: .deleted, replacedBy: .known(.sample(id: "9"))),
            metadata: [.init(name: "team", text: "blue")], problem: "The token was replaced already."),
        TokenPage.sample(state: .disabled, history: .init(disabled: noon)),
        TokenPage.sample(state: .expired),
        RenameTokenPage(
            context: .signedIn(), token: .sample(), typed: "",
            errors: [.init(fieldID: "name", message: "Name it.")]),
        TokenExpiryPage.sample(),
        TokenExpiryPage.sample(errors: [.init(fieldID: "expires_on", message: "Later.")]),
        RotateTokenPage(context: .signedIn(), token: .sample()),
        RotateTokenPage(context: .signedIn(), token: .sample(), chosen: "", problem: "Choose."),
        EndTokenPage(
            context: .signedIn(), token: .sample(state: .beingReplaced), successor: .sample(id: "9")),
        EndTokenPage(context: .signedIn(), token: .sample(state: .beingReplaced)),
        RevokeAllTokensPage(context: .signedIn(), tokens: []),
        RevokeAllTokensPage(context: .signedIn(), tokens: [.sample()]),
        NewTokenPage(context: .signedIn(), scopes: NewTokenPage.OfferedScope.catalogue),
        NewTokenPage(
            context: .signedIn(), scopes: NewTokenPage.OfferedScope.catalogue,
            link: .init(scopesLeftOut: ["no:such"], isExpirationLeftOut: true), obstacle: "Too many."),
        NewTokenPage(
            context: .signedIn(), scopes: NewTokenPage.OfferedScope.catalogue,
            problems: [
                .init(field: .name, message: "Name it."), .init(field: .expires, message: "Choose."),
                .init(field: .expiresOn, message: "Later."), .init(field: .scopes, message: "Not yours."),
            ]),
        NewTokenPage(context: .signedIn(), scopes: []),
        TokenCreatedPage(
            context: .signedIn(), token: Secret(utf8: "tcp_secret"), name: "x", scopes: [],
            expires: nil,
            tryAt: "http://127.0.0.1:8080/api/me"),
        TokenCreatedPage(
            context: .signedIn(), token: Secret(utf8: "tcp_secret"), name: "x", scopes: [],
            expires: nil, tryAt: "http://127.0.0.1:8080/api/me", old: .sample(state: .beingReplaced)),
        RevokeTokenPage(context: .signedIn(), token: .sample()),
        SignInPage(context: .signedOut(), next: "/", registration: "/register?next=%2F"),
        RegisterPage(context: .signedOut(), minimumLength: 15, next: "/"),
        RegisterPage(
            context: .signedOut(), minimumLength: 15, form: .init(email: "a", username: "b"), next: "/",
            problems: [
                .init(field: .email, message: "No."), .init(field: .username, message: "Use 1."),
                .init(field: .password, message: "Short."),
            ]),
        RegisterPage(context: .signedOut(), minimumLength: 15, next: "/", obstacle: "Too many attempts."),
        ConfirmPage(context: .signedIn(), authenticated: noon, next: "/"),
        ConfirmPage(context: .signedIn(), authenticated: noon, next: "/", error: "Wrong."),
        SessionsPage(
            context: .signedIn(), sessions: [.sample(id: "1", isThisBrowser: true), .sample(id: "2")]),
        EndSessionsPage(context: .signedIn(), others: [.sample()]),
        EndSessionsPage(context: .signedIn(), others: []),
        PasswordPage(context: .signedIn(), minimumLength: 15, rule: .keep, tokens: [], others: []),
        PasswordPage(
            context: .signedIn(), minimumLength: 15, rule: .ask, tokens: [.sample()], others: [.sample()],
            problems: [.init(field: .current, message: "Wrong."), .init(field: .new, message: "Short.")]),
        SecurityPage(
            context: .signedIn(), passwordChanged: noon, sessions: 2, tokens: 1, recent: ActivityEntry.samples
        ),
        ActivityPage(context: .signedIn(), entries: []),
        ActivityPage(
            context: .signedIn(), entries: ActivityEntry.samples,
            paging: Paging(first: "/settings/activity", next: "?before=1")),
        UsersPage(
            context: .atWork(), search: "", users: [.sample(), .sample(isOperator: true, disabled: noon)],
            paging: Paging(first: "/admin/users", next: "?after=1")),
        UsersPage(context: .atWork(), search: "<nobody>", users: []),
        UserPage(
            context: .atWork(), user: .sample(), sessions: [.sample()], usableTokens: 2, lastUsed: noon,
            recent: ActivityEntry.samples),
        UserPage(
            context: .atWork(), user: .sample(disabled: noon), sessions: [], usableTokens: 0, recent: []),
        UserPage(
            context: .atWork(), user: .sample(isReader: true), sessions: [], usableTokens: 1, recent: []),
        UserTokensPage(
            context: .atWork(), user: .sample(), count: 21, tokens: [.sample()],
            paging: Paging(first: "/admin/users/1/tokens", next: "?before=1")),
        UserTokensPage(context: .atWork(), user: .sample(disabled: noon), count: 0, tokens: []),
        EverybodysActivityPage(
            context: .atWork(), entries: ActivityEntry.samples,
            paging: Paging(first: "/admin/activity", next: "?before=1")),
        EverybodysActivityPage(
            context: .atWork(), person: .init(name: "ember@example.com", path: "/admin/users/1"), entries: []),
        RecentRequestsPage(
            context: .signedIn(), requests: [], tokens: [], chosen: nil, caveat: "Kept for 1 day.",
            isSample: false, tryAt: "http://127.0.0.1:8080/api/me"),
        RecentRequestsPage(
            context: .signedIn(), requests: RequestSummary.samples, tokens: [("1", "Backup")], chosen: "1",
            caveat: "Kept for 1 day.", isSample: true, tryAt: "http://127.0.0.1:8080/api/me",
            paging: Paging(first: "/settings/requests", next: "?before=1")),
        RefusalsPage(
            context: .atWork(), refusals: [], causes: ["expired"], chosen: "expired", retention: "7 days"),
        RefusalsPage(
            context: .atWork(), refusals: RefusalSummary.samples, causes: ["expired"], retention: "7 days",
            paging: Paging(first: "/admin/refusals", next: "?before=1")),
        StatusPage(context: .atWork(), rows: [], jobs: []),
        StatusPage(
            context: .atWork(), size: "4 MB", logSize: "8 kB",
            rows: [.init(name: "tokens", live: 1_000_000, dead: 3, isEstimate: true)],
            jobs: [
                .init(name: "write-uses", lastRun: noon, duration: "2 ms", rows: 1, waiting: 3),
                .init(name: "prune-audit", lastRun: noon, duration: "2 ms", rows: 1, complaint: "Full."),
            ]),
        RefusalPage(context: .signedIn(), refusal: .sample()),
        RefusalPage(context: .signedOut(), refusal: .sample()),
        RefusalNotFoundPage(context: .signedIn(), retention: "7 days"),
        RefusalNotFoundPage(context: .signedOut(), retention: "7 days"),
        ErrorPage(
            context: .signedOut(), status: 503, title: "Try again", sentence: "Busy.",
            reason: .init(refusal: "0193", isForTheReader: true)),
    ]

    /// Every page on which an operator does something.
    static let actionPages: [any Page] = UserAction.allCases.flatMap { action in
        [
            UserActionPage(
                context: .atWork(), action: action, user: .sample(), sessions: [.sample()],
                tokens: [.sample()]),
            UserActionPage(context: .atWork(), action: action, user: .sample(), sessions: [], tokens: []),
        ]
    }

    @Test(arguments: pages + actionPages)
    func documentIsSound(page: any Page) {
        let document = page.document
        #expect(page.text.hasPrefix("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"))
        #expect(document.faults.isEmpty)
        #expect(Set(document.ids).count == document.ids.count)
        #expect(document.first("title")?.text == "\(page.title) · Tessera")
        #expect(document.all("main").count == 1)
        #expect(document.all("h1").count == 1)
        #expect(document.first("meta") { $0.attributes["name"] == "viewport" } != nil)
    }

    @Test(arguments: pages + actionPages)
    func nothingInThePageNeedsAnUnsafePolicy(page: any Page) {
        for element in page.document.elements {
            #expect(element.name != "style")
            #expect(element.attributes.keys.allSatisfy { !$0.hasPrefix("on") && $0 != "style" })
            let own = Assets.all.map(\.path)
            if element.name == "script" { #expect(own.contains(element.attributes["src"] ?? "")) }
            if element.name == "link" { #expect(own.contains(element.attributes["href"] ?? "")) }
        }
    }

    @Test(arguments: pages + actionPages)
    func everyFieldHasALabelAndEveryReferenceATarget(page: any Page) {
        let document = page.document
        for field in document.elements where ["input", "select"].contains(field.name) {
            if field.attributes["type"] == "hidden" { continue }
            let isWrapped = field.ancestors.contains("label")
            #expect(isWrapped || field.attributes["id"].flatMap(document.label(for:)) != nil)
        }
        for element in document.elements {
            for key in ["aria-describedby", "aria-labelledby", "for", "data-copy"] {
                for id in element.attributes[key, default: ""].split(separator: " ") {
                    #expect(document.element(id: String(id)) != nil, "\(key)=\(id)")
                }
            }
            if let target = element.attributes["href"], target.hasPrefix("#") {
                #expect(document.element(id: String(target.dropFirst())) != nil, "\(target)")
            }
        }
    }

    @Test(arguments: pages + actionPages)
    func everyFormIsPostedWithTheForgeryToken(page: any Page) {
        let document = page.document
        // What looks for something changes nothing, and its address is there to be kept.
        let forms = document.all("form").filter { $0.attributes["role"] != "search" }
        #expect(forms.allSatisfy { $0.attributes["method"] == "post" && $0.attributes["action"] != nil })
        let tokens = document.all("input").filter { $0.attributes["name"] == "csrf" }
        #expect(tokens.count == forms.count)
        #expect(
            tokens.allSatisfy {
                $0.attributes["value"] == "forgery-token" && $0.attributes["type"] == "hidden"
            })
    }

    @Test func personSignedInCanSignOut() {
        let document = TokensPage(context: .signedIn(), tokens: []).document
        #expect(
            document.first("form") { $0.attributes["action"] == "/logout" }?.text.contains("Sign out") == true
        )
        #expect(document.all("button").filter { $0.text == "Sign out" }.count == 1)
        #expect(document.first("header")?.text.contains("ember@example.com") == true)
    }

    @Test func nobodySignedInSeesNoSettings() {
        let document = RefusalNotFoundPage(context: .signedOut(), retention: "7 days").document
        #expect(document.all("nav").isEmpty)
        #expect(document.first("meta") { $0.attributes["name"] == "csrf-token" } == nil)
        #expect(!document.elements.contains { $0.text.contains("Sign out") })
    }

    @Test func scriptsFindTheForgeryTokenOfAPersonSignedIn() {
        let meta = HomePage(context: .signedIn()).document.first("meta") {
            $0.attributes["name"] == "csrf-token"
        }
        #expect(meta?.attributes["content"] == "forgery-token")
    }

    @Test func navigationMarksWhereOneIs() {
        let current = TokensPage(context: .signedIn(), tokens: []).document
            .all("a").filter { $0.attributes["aria-current"] == "page" }
        #expect(current.map(\.text) == ["Access tokens"])
    }

    @Test func operationIsForOperatorsAlone() {
        func entries(_ context: PageContext) -> [String] {
            SessionsPage(context: context, sessions: []).document.all("a")
                .compactMap { $0.attributes["href"] }.filter { $0.hasPrefix("/admin/") }
        }
        #expect(entries(.signedIn()).isEmpty)
        #expect(entries(.atWork()) == SettingsPlace.allCases.filter(\.isOperation).map(\.path))
        #expect(SettingsPlace.allCases.allSatisfy { $0.isOperation == $0.path.hasPrefix("/admin/") })
    }

    @Test func noticeIsReadOut() {
        let document = TokensPage(context: .signedIn(notice: "<b>Done</b>"), tokens: []).document
        #expect(document.first("div") { $0.attributes["role"] == "status" }?.text == "<b>Done</b>")
    }

    @Test func emailOfThePersonIsEscaped() {
        var context = PageContext.signedIn()
        context.person?.email = hostile
        expectNoMarkup(from: HomePage(context: context))
    }
}

/// What somebody types who wants the page to obey.
let hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;"

/// Expects that what somebody typed shows as it was typed, and made no element and no attribute.
func expectNoMarkup(from page: some Page, sourceLocation: SourceLocation = #_sourceLocation) {
    let document = page.document
    #expect(document.faults.isEmpty, sourceLocation: sourceLocation)
    #expect(document.all("img").isEmpty, sourceLocation: sourceLocation)
    #expect(document.all("script").count == 1, sourceLocation: sourceLocation)
    let isShown = document.elements.contains {
        $0.text.contains(hostile) || $0.attributes["value"] == hostile
    }
    #expect(isShown, sourceLocation: sourceLocation)
    #expect(!page.text.contains("<script>"), sourceLocation: sourceLocation)
}
