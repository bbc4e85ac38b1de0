// DragonTreasure: an API that protects itself with Tessera, and the documentation of how to do that.
//
// It owns treasures: their table, their rules and their endpoints. Who calls, with which token, and every refusal
// are Tessera's; what a caller may do with which treasure is decided here.
//
// Begin reading at `DragonTreasureAPI.swift` (the route table), then `Treasures/CreateTreasure.swift` (one protected
// endpoint from top to bottom). `Scopes.swift` has the permissions that a token can carry.
