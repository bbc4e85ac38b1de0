import TesseraCore
import TesseraCrypto
public import TesseraHTTP
public import TesseraServer

/// The API: treasures of its own beside the users and tokens of an authority.
public final class DragonTreasureAPI: Sendable {
    let authority: Authority
    let treasures: TreasureStore
    let identifiers = IdentifierSource(random: .system)

    /// - Parameters:
    ///   - authority: Knows who calls; configured with ``scopes``.
    ///   - treasures: In the same file as the authority's store, migrated.
    public init(authority: Authority, treasures: TreasureStore) {
        self.authority = authority
        self.treasures = treasures
    }

    /// The route table, and with it who may do what at all.
    ///
    /// `open` runs for everybody and `protect` for known callers; both refuse bad credentials before the handler is
    /// asked. What depends on the treasure, such as whose it is, is for the handler to decide.
    public func addRoutes(to router: inout Router) {
        router.get("/api/treasures", handler: authority.open(listTreasures))
        router.post("/api/treasures", handler: authority.protect(.treasureCreate, createTreasure))
        router.get("/api/treasures/:id", handler: authority.open(showTreasure))
        router.patch("/api/treasures/:id", handler: authority.protect(.treasureEdit, editTreasure))
        router.delete("/api/treasures/:id", handler: authority.protect(.treasureEdit, deleteTreasure))

        router.get("/api/users", handler: authority.protect(listUsers))
        router.post("/api/users", handler: authority.open(register))
        router.get("/api/users/:id", handler: authority.protect(showUser))
        router.patch("/api/users/:id", handler: authority.protect(.userEdit, editUser))
        router.get("/api/users/:id/treasures", handler: authority.open(listTreasuresOfUser))
    }
}
