// TesseraCore: the domain. Users, sessions, scopes, access tokens, refusals and audit events; what may be done with
// them; and the protocols of the stores that keep them.
//
// It opens no socket or file and reads no clock: instants, randomness and stores come in through initialisers and
// parameters. It depends on TesseraJOSE (instants) and TesseraCrypto.
//
// Begin reading at `Tokens/AccessToken.swift` (the record), `Tokens/TokenChecker.swift` (the check, in its order) and
// `Tokens/TokenDesk.swift` (issue and revoke).
