// TesseraHTTP: a strict HTTP/1.1 engine and what handlers see of it.
//
// Owns requests and responses as values, the parser, the connection state machine, the epoll event loop, TLS,
// routing, forms, cookies and the middleware that any HTTP service needs. It has never heard of OAuth, tokens
// or stores, and depends on libssl and on Linux alone.
//
// Begin reading at `Values/Request.swift` and `Values/Response.swift`; then `Parsing/` (bytes to a message or a
// refusal), `Connection/` (events to actions), `EventLoop/` (the shell that moves bytes) and `Routing/`.
