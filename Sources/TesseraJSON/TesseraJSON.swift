// TesseraJSON: a strict reader for JSON (RFC 8259) that every request body passes, and a writer for every response.
//
// `JSONGate` defines the accepted JSON, `JSONValue` is the result, `MemberReader` reads the members of a request's body
// and collects all problems, and `JSONWriter` writes. `JSONParser.swift` contains the only grammar. Depends on nothing.
// Begin with `JSONGate.swift`.
