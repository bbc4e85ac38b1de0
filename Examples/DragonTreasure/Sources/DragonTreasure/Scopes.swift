public import Tessera

extension ScopeToken {
    static let treasureCreate = ScopeToken("treasure:create")!
    static let treasureEdit = ScopeToken("treasure:edit")!
    static let userEdit = ScopeToken("user:edit")!
}

extension DragonTreasureAPI {
    /// The permissions of this API, in the words in which a person is asked for them. They go into
    /// `AuthorityConfiguration.scopes`.
    public static let scopes = [
        ScopeDefinition(.treasureCreate, "Create treasures"),
        ScopeDefinition(.treasureEdit, "Edit treasures"),
        ScopeDefinition(.userEdit, "Edit the user"),
    ]
}
