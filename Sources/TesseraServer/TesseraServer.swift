// TesseraServer: the answers of Tessera over HTTP, and the protection of another API with them.
//
// It depends on TesseraCore (the domain), TesseraBearer (how a token is sent and asked for), TesseraHTTP and TesseraJSON. It has
// never heard of SQL: stores come in through `Authority`, which puts the subjects together. `Routes.swift` mounts them.
//
// A folder is a subject, with its endpoints, its routes and its pages: Tokens, SignIn, Accounts, Refusals, Activity,
// Operators, Home. `Tokens/Tokens.swift` and its siblings map paths to files. No subject knows another; `script/lint`
// checks that. What they share, from the ground up:
//
// Site            the issuer and the path below which the service is reached
// Frame           the frame of a page: layout, navigation, assets, forms, instants
// Domain          the configuration, and the services of the domain over one store
// Credentials     the caller, cookies, the proof that a form is ours, and refusals of credentials
// Errors          the one place that turns errors into answers
// Authentication  the caller of each request to the API, and the endpoints that need one
// Visitors        the visitor of each page, and the handlers of pages and forms
// Retries         requests and forms that are sent twice
// Passwords       the check of a password within its limits, and the session that follows
// Summaries       a token, a session and an event as pages of several subjects show them
// JSON            values of the domain in JSON
// Operation       start and end, jobs, numbers, and changes by other nodes
//
// Above `Authority` stand Description (`/openapi.json`, `/docs`) and Service (serving until the process is asked to end).
