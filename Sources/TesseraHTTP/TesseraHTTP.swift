// TesseraHTTP: a strict HTTP/1.1 server engine and the values that handlers use.
//
// It has never heard of OAuth, tokens or stores, and depends only on libssl and Linux. Begin with `Values/`; the
// folders build on each other from top to bottom:
//
// - `Addresses/`: the addresses of clients and listeners, as text and as kernel structures.
// - `Values/`: requests, responses, fields, methods and status codes.
// - `Settings/`: the limits and settings of connections.
// - `Parsing/`: bytes to a request or a refusal.
// - `Connection/`: one connection as a pure machine, from events to actions.
// - `Negotiation/`, `Forms/`, `Proxies/`: media types and entity tags; forms and cookies; the client behind a proxy.
// - `EventLoop/`: the shell that moves bytes between sockets and connections; TLS.
// - `Routing/`, `Middleware/`: routes; CORS, security fields and the access log around them.
