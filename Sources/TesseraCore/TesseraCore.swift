// TesseraCore: the domain, and the protocols of the stores that keep it. It opens no socket or file and reads no clock:
// instants, randomness and stores come in through initializers and parameters.
//
// The folders, from the ground up. Each uses those above it in this list, and none uses one below.
//
//   Identifiers/    identifiers of everything that is stored
//   Records/        the lengths of recorded texts, and what is left out of them
//   Stores/         the clock (the error of a store is in TesseraDatabase)
//   Users/          people: the record, the address, the password, the proof that it was verified
//   Subjects/       the party a token stands for: a user or a client
//   Scopes/         permissions and sets of them
//   Sessions/       the record of a session
//   Tokens/         the record of a token, its string and prefixes; the changes that caches are told of
//   Audit/          events: what was changed, and by which party
//   Authorization/  the authority by which a change is made
//   Catalogue/      the permissions that exist
//   TokenLife/      making, changing, replacing and revoking tokens; the policy of the operator
//   Checking/       the check of a presented token, in its order, and the cache of verified tokens
//   SignIn/         sessions, and the budgets of attempts
//   Accounts/       adding, changing and removing people
//   Refusals/       refused requests and their explanation
//   Requests/       accepted requests, for their owners
//   Retries/        requests that are sent twice
//   Operation/      all stores together, jobs, numbers for operators
//
// Begin reading at `Tokens/AccessToken.swift`, `Checking/TokenChecker.swift` and `TokenLife/TokenDesk.swift`.

// The protocols of the stores throw `StoreError` and report `StoreTraffic`: a program that uses them needs no second import.
@_exported public import TesseraDatabase
