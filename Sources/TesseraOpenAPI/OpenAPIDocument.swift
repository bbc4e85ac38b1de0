import TesseraHTTP
import TesseraJSON

/// Writes a description as OpenAPI 3.1.
package struct OpenAPIDocument {
    private let api: APIDescription

    /// A document of this description.
    package init(_ api: APIDescription) { self.api = api }

    /// The document as JSON.
    package var bytes: [UInt8] {
        var json = JSONWriter(capacity: 64 * 1024)
        json.object { json in
            json.member("openapi", "3.1.1")
            json.member("info") { info(&$0) }
            json.member("servers") { json in
                json.array { json in json.object { $0.member("url", api.server) } }
            }
            json.member("tags") { json in
                json.array { json in
                    for tag in api.tags {
                        json.object { json in
                            json.member("name", tag.name)
                            json.member("description", tag.meaning)
                        }
                    }
                }
            }
            json.member("paths") { paths(&$0) }
            json.member("components") { components(&$0) }
        }
        return json.bytes
    }

    private static let conventions = """
        Send an access token as `Authorization: Bearer TOKEN`. Pages send their session's cookie instead, and with \
        every request that changes something the field `X-CSRF-Token`.

        Every refusal is `application/problem+json` (RFC 9457) and carries `Tessera-Refusal: ID`; that identifier \
        leads to the reason, at `/refusals/ID` or by `tessera explain ID`. A message that is not sound HTTP/1.1, or \
        that is too slow or too large, is refused before any of the operations is asked, with 400, 408, 413, 414, 417, \
        421, 431, 501 or 505; a method that a path does not have is refused with 405 and `Allow`.
        """

    /// The introduction to the API: paragraphs with an empty line between them.
    package static func introduction(of api: APIDescription) -> String {
        api.info.summary.isEmpty ? conventions : api.info.summary + "\n\n" + conventions
    }

    private func info(_ json: inout JSONWriter) {
        json.object { json in
            json.member("title", api.title)
            json.member("version", api.info.version)
            json.member("description", Self.introduction(of: api))
        }
    }

    private func paths(_ json: inout JSONWriter) {
        var paths: [String] = []
        for route in api.routes where !paths.contains(route.path) { paths.append(route.path) }
        json.object { json in
            for path in paths {
                json.member(named: path) { json in
                    json.object { json in
                        for route in api.routes where route.path == path {
                            json.member(named: route.route.method.text.lowercased()) {
                                operation(route, &$0)
                            }
                        }
                    }
                }
            }
        }
    }

    private func operation(_ route: DescribedRoute, _ json: inout JSONWriter) {
        let operation = route.operation
        json.object { json in
            json.member("operationId", operation.id)
            json.member("summary", operation.summary)
            if !operation.details.isEmpty { json.member("description", operation.details) }
            json.member("tags", [operation.tag.name])
            json.member("security") { security(route, &$0) }
            if !route.parameters.isEmpty {
                json.member("parameters") { json in
                    json.array { json in for parameter in route.parameters { write(parameter, &json) } }
                }
            }
            if let body = route.body { json.member("requestBody") { write(body, &$0) } }
            json.member("responses") { json in
                json.object { json in
                    for answer in route.answers {
                        json.member(named: String(answer.status.code)) { write(answer, &$0) }
                    }
                }
            }
        }
    }

    /// Writes the credentials that a route accepts, one alternative after the other.
    private func security(_ route: DescribedRoute, _ json: inout JSONWriter) {
        json.array { json in
            switch route.access {
            case .unchecked: return
            case .client:
                json.object { json in json.member("client") { json in json.array { _ in } } }
                return
            case .anyCaller: json.object { _ in }
            case .knownCaller: break
            }
            json.object { json in
                json.member("bearer") { json in
                    json.array { json in for scope in route.scopes { json.string(scope) } }
                }
            }
            json.object { json in
                json.member("session") { json in json.array { _ in } }
                if !route.route.method.isSafe { json.member("form_token") { json in json.array { _ in } } }
            }
        }
    }

    private func write(_ parameter: APIOperation.Parameter, _ json: inout JSONWriter) {
        json.object { json in
            json.member("name", parameter.name)
            json.member("in", parameter.place.rawValue)
            if parameter.place == .path { json.member("required", true) }
            if !parameter.meaning.isEmpty { json.member("description", parameter.meaning) }
            json.member("schema") { parameter.schema.write(into: &$0) }
        }
    }

    private func write(_ body: BodyDescription, _ json: inout JSONWriter) {
        json.object { json in
            json.member("required", !body.isOptional)
            json.member("content") { json in
                json.object { json in
                    json.member(named: body.mediaType.essence) { json in
                        json.object { json in
                            json.member("schema") { body.schema.write(into: &$0) }
                            if let example = body.exampleValue { json.member("example", example) }
                        }
                    }
                }
            }
        }
    }

    private func write(_ answer: APIOperation.Answer, _ json: inout JSONWriter) {
        json.object { json in
            json.member("description", answer.meaning)
            if !answer.fields.isEmpty {
                json.member("headers") { json in
                    json.object { json in
                        for field in answer.fields {
                            json.member(named: field.name.text) { write(field, &$0) }
                        }
                    }
                }
            }
            if let content = answer.content {
                json.member("content") { json in
                    json.object { json in
                        json.member(named: content.mediaType.essence) { json in
                            json.object { json in
                                json.member("schema") { content.schema.write(into: &$0) }
                            }
                        }
                    }
                }
            }
        }
    }

    private func write(_ field: APIOperation.Answer.Field, _ json: inout JSONWriter) {
        json.object { json in
            json.member("description", field.meaning)
            if field.isRequired { json.member("required", true) }
            json.member("schema") { field.schema.write(into: &$0) }
        }
    }

    private func components(_ json: inout JSONWriter) {
        json.object { json in
            json.member("schemas") { json in
                json.object { json in
                    for (name, schema) in api.schemas {
                        json.member(named: name) { schema.writeDefinition(into: &$0) }
                    }
                }
            }
            json.member("securitySchemes") { json in
                json.object { json in
                    json.member("bearer") { json in
                        json.object { json in
                            json.member("type", "http")
                            json.member("scheme", "bearer")
                            json.member(
                                "description",
                                "An access token. The names listed with an operation are the scopes that it needs."
                            )
                        }
                    }
                    if api.routes.contains(where: { $0.access == .client }) {
                        json.member("client") { json in
                            json.object { json in
                                json.member("type", "http")
                                json.member("scheme", "basic")
                                json.member(
                                    "description", "The identifier and the secret of an OAuth client.")
                            }
                        }
                    }
                    json.member("session") {
                        key("cookie", api.sessionCookie, "The session of a person who has signed in.", &$0)
                    }
                    json.member("form_token") {
                        key(
                            "header", FieldName.csrfToken.text,
                            "Proves that a page of ours asked: every page has it in `<meta name=\"csrf-token\">`.",
                            &$0)
                    }
                }
            }
        }
    }

    private func key(_ place: String, _ name: String, _ meaning: String, _ json: inout JSONWriter) {
        json.object { json in
            json.member("type", "apiKey")
            json.member("in", place)
            json.member("name", name)
            json.member("description", meaning)
        }
    }
}

extension DescribedRoute {
    /// The names of the scopes that a token needs.
    package var scopes: [String] {
        if case .knownCaller(let scopes) = access { scopes } else { [] }
    }
}
