// Tokens: people's own tokens, for programs and on pages.
//
// /api/tokens                TokenEndpoints (list, make, revoke), +Change (PATCH), +Rotation (…/rotate), +Description
// /settings/tokens           TokenRoutes (list, revoke), +New (make): TokensPage, NewTokenPage, TokenCreatedPage, …
// /settings/tokens/ID/…      TokenRoutes+Page (TokenPage), +Life (rename, expiry, disable), +Rotation (rotate, end)
//
// `OwnTokens` finds and changes a token for its owner alone. `Lifetime` and `ExpirationEntry` are the expiry in a form.
