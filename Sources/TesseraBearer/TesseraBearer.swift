// TesseraBearer owns what an API server needs to take a token from a request and to answer a challenge: the
// grammar of RFC 6750. It depends on TesseraJOSE alone; checking a token does not pull in the authority.
// Begin with `BearerCredentials.swift` for the way in and `BearerChallenge.swift` for the way out.
