// Tokens: people's own tokens, for programs and on pages.
//
// /api/tokens                TokenEndpoints (list, make, revoke), +Change (PATCH), +Rotation (…/rotate)
// /settings/tokens           TokenRoutes (list, make, revoke): TokensPage, NewTokenPage, TokenCreatedPage, Revoke…Page
// /settings/tokens/ID/…      TokenRoutes+Life: TokenPage, RenameTokenPage, TokenExpiryPage, RotateTokenPage, EndTokenPage
//
// `OwnTokens` finds and changes a token for its owner alone. `Lifetime` and `ExpirationEntry` are the expiry in a form.
