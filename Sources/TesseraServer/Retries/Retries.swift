import TesseraCore
import TesseraCrypto
import TesseraHosting

/// Lets a request or a form that is sent twice create one thing.
///
/// `Once.swift` claims a key before anything is created. A program brings its key in `Idempotency-Key`
/// (`IdempotentRequest.swift`; `Creation.swift` makes a handler of that kind). A form brings the number that was drawn
/// with its page (`FormOnce.swift`, `FormNumber.swift`).
final class Retries: Sendable {
    let bodyLimit: Int
    let clock: WallClock
    let random: RandomSource
    let identifiers: IdentifierSource
    let cookies: CookieNames
    let store: any ClaimStore
    let log: Log

    init(
        store: any ClaimStore, authenticator: Authenticator, identifiers: IdentifierSource,
        random: RandomSource, log: Log
    ) {
        self.store = store
        cookies = authenticator.cookies
        bodyLimit = authenticator.configuration.bodyLimit
        clock = authenticator.clock
        self.identifiers = identifiers
        self.random = random
        self.log = log
    }
}
