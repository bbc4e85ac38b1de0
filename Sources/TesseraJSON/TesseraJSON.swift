// TesseraJSON owns JSON, RFC 8259: one strict reader that every body passes, and one writer for every answer.
// It depends on nothing. `JSONGate` says what is let through, `JSONValue` is what comes out, `MemberReader`
// takes the members of a request's body out of it and collects what is wrong, `JSONWriter` writes. There is
// one grammar, in `JSONParser.swift`; begin with `JSONGate.swift`.
