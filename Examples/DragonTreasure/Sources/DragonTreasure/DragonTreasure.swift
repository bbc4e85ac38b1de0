// DragonTreasure: an API that protects itself with Tessera, and the documentation of how to do that.
//
// It owns treasures: their table, their rules and their endpoints. Tessera
// checks callers and tokens and answers every refusal; this module decides what a caller may do with which treasure.
//
// Begin reading at `DragonTreasureAPI.swift` (the route table), then `Treasures/CreateTreasure.swift` (one protected
// endpoint from top to bottom). `Scopes.swift` has the permissions that a token can carry.
