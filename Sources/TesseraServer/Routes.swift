import TesseraCore
public import TesseraHTTP
import TesseraOpenAPI

extension Authority {
    /// The route table: every address that Tessera answers.
    ///
    /// What programs call stands here with its access and its description, and both reach `/openapi.json`.
    public func addRoutes(to router: inout Router) {
        router.get("/healthz", unprotected(alive), .showLiveness)
        router.get("/readyz", unprotected(ready), .showReadiness)
        router.get("/metrics", handler: metrics)

        router.get("/api/me", protectImmediate(token: showToken, session: showPerson), .showMe)
        router.get("/api/tokens", protect(.tokensRead, listTokens), .listTokens)
        router.post(
            "/api/tokens", protectSensitive(.tokensWrite, creating(hiding: ["token"], createToken)),
            .createToken)
        router.patch("/api/tokens/:id", protectChange(.tokensWrite, changeToken), .changeToken)
        router.delete("/api/tokens/:id", protect(.tokensWrite, deleteToken), .deleteToken)
        router.post(
            "/api/tokens/:id/rotate",
            protectSensitive(.tokensWrite, creating(hiding: ["token"], rotateToken)),
            .rotateToken)

        router.get("/", handler: visit(home))
        router.get("/login", handler: visit(showSignIn))
        router.post("/login", handler: signIn)
        if configuration.allowsRegistration {
            router.get("/register", handler: visit(showRegister))
            router.post("/register", handler: register)
        }
        router.get("/login/confirm", handler: page(showConfirm))
        router.post("/login/confirm", handler: form(confirm))
        router.post("/logout", handler: signOut)
        router.get("/settings/tokens", handler: page(showTokens))
        router.get("/settings/tokens/new", handler: sensitivePage(showNewToken))
        router.post(
            "/settings/tokens/new",
            handler: sensitiveForm(keeping: ["name", "scopes", "expires", "expires_on"], makeToken))
        router.get("/settings/tokens/revoke-all", handler: sensitivePage(showRevokeAll))
        router.post("/settings/tokens/revoke-all", handler: sensitiveForm(revokeAllTokens))
        router.get("/settings/tokens/:id", handler: page(showToken))
        router.get("/settings/tokens/:id/rename", handler: page(showRename))
        router.post("/settings/tokens/:id/rename", handler: formOfChange(renameToken))
        router.get("/settings/tokens/:id/expiry", handler: page(showExpiry))
        router.post(
            "/settings/tokens/:id/expiry",
            handler: formOfChange(keeping: ["expires", "expires_on"], changeExpiry))
        router.get("/settings/tokens/:id/rotate", handler: sensitivePage(showRotate))
        router.post("/settings/tokens/:id/rotate", handler: sensitiveForm(rotateToken))
        router.post(
            "/settings/tokens/:id/disable", handler: formOfChange(on: Self.pageOfToken, disableToken))
        router.post("/settings/tokens/:id/enable", handler: formOfChange(on: Self.pageOfToken, enableToken))
        router.get("/settings/tokens/:id/end", handler: page(showEnd))
        router.post("/settings/tokens/:id/end", handler: form(endToken))
        router.get("/settings/tokens/:id/revoke", handler: page(showRevoke))
        router.post("/settings/tokens/:id/revoke", handler: form(revokeToken))
        router.get("/settings/requests", handler: page(showRequests))
        router.get("/settings/sessions", handler: page(showSessions))
        router.get("/settings/sessions/others", handler: sensitivePage(showEndSessions))
        router.post("/settings/sessions/others", handler: sensitiveForm(endOtherSessions))
        router.post("/settings/sessions/:id/end", handler: form(endSession))
        router.get("/settings/password", handler: page(showPassword))
        router.post("/settings/password", handler: form(changePassword))
        router.get("/settings/security", handler: page(showSecurity))
        router.get("/settings/activity", handler: page(showActivity))
        router.get("/admin", handler: operatorPage { [self] _, _ in redirect(to: "/admin/users") })
        router.get("/admin/users", handler: operatorPage(showUsers))
        router.get("/admin/users/:id", handler: operatorPage(showUser))
        router.get("/admin/users/:id/tokens", handler: operatorPage(showTokensOfUser))
        for action in UserAction.allCases {
            let path = "/admin/users/:id/\(action.rawValue)"
            router.get(path, handler: sensitiveOperatorPage(showAction(action)))
            router.post(path, handler: operatorForm(perform(action)))
        }
        router.get("/admin/activity", handler: operatorPage(showEverybodysActivity))
        router.get("/admin/refusals", handler: operatorPage(showRefusals))
        router.get("/admin/status", handler: operatorPage(showStatus))
        router.get("/refusals/:id", handler: page(showRefusal))
        for asset in Assets.all { router.get(asset.path, handler: serve(asset)) }
    }
}
