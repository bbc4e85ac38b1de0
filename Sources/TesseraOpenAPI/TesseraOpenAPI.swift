// TesseraOpenAPI: the description of the routes that programs call, and the OpenAPI document made from it.
//
// It depends on TesseraHTTP (routes) and TesseraJSON (the document). Begin reading at `APIOperation.swift`, which stands
// beside each handler; `DescribedRoute.swift` adds what follows from the route itself.
//
// Where to open: a schema in `JSONSchema.swift`; the access of a route in `Endpoint.swift`; the document in
// `OpenAPIDocument.swift`.
