public import Tessera

/// The API: treasures of its own beside the users and tokens of an authority.
public final class DragonTreasureAPI: Sendable {
    let authority: Authority
    let treasures: TreasureStore
    let identifiers = IdentifierSource(random: .system)

    /// - Parameters:
    ///   - authority: Checks the callers; configured with ``scopes``.
    ///   - treasures: In the same file as the authority's store, migrated.
    public init(authority: Authority, treasures: TreasureStore) {
        self.authority = authority
        self.treasures = treasures
    }

    /// Adds the route table, which says who may do what at all.
    ///
    /// `open` runs a handler for every caller and `protect` for known ones; both refuse bad credentials before the handler
    /// runs. A handler with a third parameter takes a body, which is held to its rules first. `creating` makes a request that
    /// is sent twice with one `Idempotency-Key` create one thing. The handler decides what depends on a treasure, such as
    /// whose it is. The description for `/openapi.json` and `/docs` stands beside the handler.
    public func addRoutes(to router: inout Router) {
        let createTreasure = authority.creating(self.createTreasure)
        let register = authority.creating(self.register)
        router.get("/api/treasures", authority.open(listTreasures), .listTreasures)
        router.post("/api/treasures", authority.protect(.treasureCreate, createTreasure), .createTreasure)
        router.get("/api/treasures/:id", authority.open(showTreasure), .showTreasure)
        router.patch("/api/treasures/:id", authority.protect(.treasureEdit, editTreasure), .editTreasure)
        router.delete("/api/treasures/:id", authority.protect(.treasureEdit, deleteTreasure), .deleteTreasure)

        router.get("/api/users", authority.protect(listUsers), .listUsers)
        router.post("/api/users", authority.open(register), .registerUser)
        router.get("/api/users/:id", authority.protect(showUser), .showUser)
        router.patch("/api/users/:id", authority.protect(.userEdit, editUser), .editUser)
        router.get("/api/users/:id/treasures", authority.open(listTreasuresOfUser), .listTreasuresOfUser)
    }
}
