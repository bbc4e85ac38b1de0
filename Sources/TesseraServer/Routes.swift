import TesseraCore
public import TesseraHTTP

extension Authority {
    /// The route table: every address that Tessera answers.
    ///
    /// What programs call stands here with its access and its description, and both reach `/openapi.json`.
    public func addRoutes(to router: inout Router) {
        router.get("/healthz", unprotected(alive), .showLiveness)
        router.get("/readyz", unprotected(ready), .showReadiness)
        router.get("/metrics", handler: metrics)

        router.get("/api/me", protectImmediate(me), .showMe)
        router.get("/api/tokens", protect(.tokensRead, listTokens), .listTokens)
        router.post("/api/tokens", protect(.tokensWrite, createToken), .createToken)
        router.patch("/api/tokens/:id", protect(.tokensWrite, changeToken), .changeToken)
        router.delete("/api/tokens/:id", protect(.tokensWrite, deleteToken), .deleteToken)
        router.post("/api/tokens/:id/rotate", protect(.tokensWrite, rotateToken), .rotateToken)

        router.get("/", handler: visit(home))
        router.get("/login", handler: visit(showSignIn))
        router.post("/login", handler: signIn)
        router.post("/logout", handler: signOut)
        router.get("/settings/tokens", handler: page(showTokens))
        router.get("/settings/tokens/new", handler: page(showNewToken))
        router.post("/settings/tokens/new", handler: form(makeToken))
        router.get("/settings/tokens/revoke-all", handler: page(showRevokeAll))
        router.post("/settings/tokens/revoke-all", handler: form(revokeAllTokens))
        router.get("/settings/tokens/:id", handler: page(showToken))
        router.get("/settings/tokens/:id/rename", handler: page(showRename))
        router.post("/settings/tokens/:id/rename", handler: form(renameToken))
        router.get("/settings/tokens/:id/expiry", handler: page(showExpiry))
        router.post("/settings/tokens/:id/expiry", handler: form(changeExpiry))
        router.get("/settings/tokens/:id/rotate", handler: page(showRotate))
        router.post("/settings/tokens/:id/rotate", handler: form(rotateToken))
        router.post("/settings/tokens/:id/disable", handler: form(disableToken))
        router.post("/settings/tokens/:id/enable", handler: form(enableToken))
        router.get("/settings/tokens/:id/end", handler: page(showEnd))
        router.post("/settings/tokens/:id/end", handler: form(endToken))
        router.get("/settings/tokens/:id/revoke", handler: page(showRevoke))
        router.post("/settings/tokens/:id/revoke", handler: form(revokeToken))
        router.get("/settings/sessions", handler: page(showSessions))
        router.get("/settings/sessions/others", handler: page(showEndSessions))
        router.post("/settings/sessions/others", handler: form(endOtherSessions))
        router.post("/settings/sessions/:id/end", handler: form(endSession))
        router.get("/settings/password", handler: page(showPassword))
        router.post("/settings/password", handler: form(changePassword))
        router.get("/settings/security", handler: page(showSecurity))
        router.get("/settings/activity", handler: page(showActivity))
        router.get("/refusals/:id", handler: page(showRefusal))
        for asset in Assets.all { router.get(asset.path, handler: serve(asset)) }
    }
}
