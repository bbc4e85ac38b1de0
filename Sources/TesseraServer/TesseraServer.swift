// TesseraServer: what Tessera answers over HTTP, one file for each endpoint, and how another API is protected with it.
//
// It depends on TesseraCore (what is true), TesseraBearer (how a token is sent and asked for), TesseraHTTP (how a
// request looks) and TesseraJSON. It has never heard of SQL: stores come in through `Authority`.
//
// Begin reading at `Authority.swift`, then `Routes.swift` (the route table) and `Authentication/Authenticator.swift`
// (who is calling, and why not).
