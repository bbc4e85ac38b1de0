import TesseraCore
public import TesseraHTTP

extension Authority {
    /// The route table: every address that Tessera answers.
    public func addRoutes(to router: inout Router) {
        router.get("/healthz", responder: alive)
        router.get("/readyz", handler: ready)
        router.get("/metrics", handler: metrics)

        router.get("/api/me", responder: protectImmediate(me))
        router.get("/api/tokens", handler: protect(.tokensRead, listTokens))
        router.post("/api/tokens", handler: protect(.tokensWrite, createToken))
        router.patch("/api/tokens/:id", handler: protect(.tokensWrite, changeToken))
        router.delete("/api/tokens/:id", handler: protect(.tokensWrite, deleteToken))
        router.post("/api/tokens/:id/rotate", handler: protect(.tokensWrite, rotateToken))

        router.get("/", handler: visit(home))
        router.get("/login", handler: visit(showSignIn))
        router.post("/login", handler: signIn)
        router.post("/logout", handler: signOut)
        router.get("/settings/tokens", handler: page(showTokens))
        router.get("/settings/tokens/new", handler: page(showNewToken))
        router.post("/settings/tokens/new", handler: form(makeToken))
        router.get("/settings/tokens/:id/revoke", handler: page(showRevoke))
        router.post("/settings/tokens/:id/revoke", handler: form(revokeToken))
        router.get("/refusals/:id", handler: page(showRefusal))
        for asset in Assets.all { router.get(asset.path, handler: serve(asset)) }
    }
}
