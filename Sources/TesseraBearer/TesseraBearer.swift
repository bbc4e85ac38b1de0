// TesseraBearer: the grammar of RFC 6750, which an API server needs to read a token from a request and to answer with a
// challenge.
//
// It depends on no other target, so that an API elsewhere does not need the authority. Begin with
// `BearerCredentials.swift` for requests and `BearerChallenge.swift` for responses.
