// TesseraCore: the domain. Users, sessions, scopes, access tokens, refusals and audit events; what may be done with
// them; and the protocols of the stores that keep them.
//
// It opens no socket or file and reads no clock: instants, randomness and stores come in through initialisers and
// parameters. It depends on TesseraTime, TesseraText, TesseraJOSE, TesseraCrypto and, for the error of a store and its
// traffic, TesseraDatabase.
//
// Begin reading at `Tokens/AccessToken.swift` (the record), `Tokens/TokenChecker.swift` (the check, in its order) and
// `Tokens/TokenDesk.swift` (issue and revoke).

// The protocols of the stores throw `StoreError` and report `StoreTraffic`: a program that uses them needs no second import.
@_exported public import TesseraDatabase
