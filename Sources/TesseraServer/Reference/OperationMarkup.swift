import TesseraCore
import TesseraHTML
import TesseraHTTP
import TesseraOpenAPI

/// One operation: what it takes, who may call it, what it answers, and a form to try it.
struct OperationMarkup: Markup {
    private let route: DescribedRoute
    private let server: String
    private let schemas = SchemaMarkup()

    init(_ route: DescribedRoute, of api: APIDescription) {
        self.route = route
        server = api.server
    }

    private var operation: APIOperation { route.operation }
    private var method: String { route.route.method.text }

    var html: HTML {
        details(
            .class("operation"), Attribute("data-operation", operation.id), Attribute("data-words", words)
        ) {
            summary {
                h3 { operation.summary }
                span(.class("call")) {
                    methodChip
                    code { route.path }
                }
                if !route.scopes.isEmpty { scopes }
            }
            // The browser opens what a link leads into.
            div(.class("operation-body stack"), .id(operation.id)) {
                if !operation.details.isEmpty { p { schemas.text(operation.details) } }
                p(.class("muted")) { access }
                if !route.parameters.isEmpty { parameters }
                if let body = route.body { self.body(body) }
                answers
                tryIt
            }
        }
    }

    /// What the search looks through.
    private var words: String {
        ([method, route.path, operation.summary, operation.tag.name] + route.scopes)
            .joined(separator: " ").lowercased()
    }

    private var methodChip: HTML {
        let kind =
            switch route.route.method {
            case .get: "active"
            case .post: "soon"
            case .delete: "revoked"
            default: "ended"
            }
        return span(.class("chip chip-\(kind) method")) { method }
    }

    private var scopes: HTML {
        span(.class("scopes")) {
            span(.class("unseen")) { "needs" }
            for scope in route.scopes { code { scope } }
        }
    }

    @HTMLBuilder private var access: HTML {
        switch route.access {
        case .unchecked: "For every caller; credentials are not looked at."
        case .anyCaller: "For every caller. Credentials that are sent must be valid."
        case .client: "For OAuth clients that authenticate."
        case .knownCaller(let scopes) where scopes.isEmpty:
            "For every valid token, and for people who have signed in."
        case .knownCaller:
            "For tokens with "
            for (number, scope) in route.scopes.enumerated() {
                if number > 0 { " and " }
                code { scope }
            }
            ", and for people who have signed in."
        }
    }

    private var parameters: HTML {
        div {
            h4 { "Parameters" }
            ul(.class("members")) {
                for parameter in route.parameters {
                    li {
                        schemas.entry(
                            parameter.name, parameter.schema, isRequired: parameter.place == .path,
                            parameter.meaning)
                    }
                }
            }
        }
    }

    private func body(_ body: BodyDescription) -> HTML {
        div {
            h4 { "Body" }
            p(.class("help")) {
                body.isOptional ? "May be absent; " : ""
                code { body.mediaType.essence }
            }
            schemas.members(of: body.schema)
        }
    }

    private var answers: HTML {
        div {
            h4 { "Answers" }
            ul(.class("answers")) {
                for answer in route.answers {
                    li {
                        statusChip(answer.status)
                        div {
                            p { schemas.text(answer.meaning) }
                            content(of: answer)
                        }
                    }
                }
            }
        }
    }

    private func statusChip(_ status: Status) -> HTML {
        let kind =
            switch status.code {
            case ..<300: "active"
            case ..<400: "ended"
            case ..<500: "soon"
            default: "revoked"
            }
        return span(.class("chip chip-\(kind)")) { "\(status.code)" }
    }

    /// What an answer carries. Problems are all alike, and described where they are written out.
    @HTMLBuilder private func content(of answer: APIOperation.Answer) -> HTML {
        if let content = answer.content, answer.status.code < 400 {
            p(.class("help")) { schemas.phrase(content.schema) }
            if content.schema.name == nil { schemas.members(of: content.schema) }
        }
        let fields = answer.fields.filter { $0.name != .tesseraRefusal }
        if !fields.isEmpty {
            p(.class("help")) {
                "With "
                for (number, field) in fields.enumerated() {
                    if number > 0 { ", " }
                    code { field.name.text }
                    if !field.isRequired { " where it applies" }
                }
            }
        }
    }
}

// MARK: - Trying it

extension OperationMarkup {
    /// The call as a command line, and, where the script runs, a form that makes both.
    fileprivate var tryIt: HTML {
        div(.class("stack")) {
            form(
                .class("try stack"), Attribute("data-method", method), Attribute("data-path", route.path),
                Attribute("data-server", server), Attribute("data-access", accessWord), .hidden
            ) {
                h4 { "Try it" }
                for parameter in route.parameters { field(for: parameter) }
                if let body = route.body { bodyField(for: body) }
                p(.class("actions")) {
                    button(.class(method == "DELETE" ? "danger" : "primary"), .type("submit")) { "Send" }
                }
            }
            div(.class("outcome"), .role("status"), .hidden) {}
            div {
                h4 { "Command line" }
                div(.class("copyable")) {
                    pre(
                        Attribute("tabindex", "0"), .role("group"),
                        Attribute("aria-label", "Command line: \(operation.summary)")
                    ) { code(.id(id("curl"))) { commandLine } }
                    button(.class("copy"), .type("button"), Attribute("data-copy", id("curl")), .hidden) {
                        "Copy command"
                    }
                    span(.class("unseen"), .role("status")) {}
                }
            }
        }
    }

    private func id(_ part: String) -> String { "\(operation.id)-\(part)" }

    private var accessWord: String {
        switch route.access {
        case .unchecked: "unchecked"
        case .client: "client"
        case .anyCaller: "any"
        case .knownCaller: "known"
        }
    }

    private func field(for parameter: APIOperation.Parameter) -> HTML {
        let id = id("\(parameter.place.rawValue)-\(parameter.name)")
        return div(.class("field")) {
            label(.for(id)) { code { parameter.name } }
            if let choices = parameter.schema.choices {
                select(.id(id), .name(parameter.name), Attribute("data-in", parameter.place.rawValue)) {
                    option(.value("")) { "—" }
                    for choice in choices { option(.value(choice)) { choice } }
                }
            } else {
                input(
                    .type("text"), .id(id), .name(parameter.name),
                    Attribute("data-in", parameter.place.rawValue),
                    .autocomplete("off"), Attribute("spellcheck", "false"),
                    .when(parameter.place == .path, .required))
            }
        }
    }

    private func bodyField(for body: BodyDescription) -> HTML {
        div(.class("field")) {
            label(.for(id("body"))) { "Body" }
            textarea(
                .id(id("body")), .name("body"), Attribute("data-type", body.mediaType.essence),
                Attribute("rows", "6"), .autocomplete("off"), Attribute("spellcheck", "false")
            ) { body.example }
        }
    }

    /// The call with the example, and with what is missing in capitals. The script writes the same.
    private var commandLine: String {
        let path = route.parameters.filter { $0.place == .path }.reduce(route.path) { path, parameter in
            path.replacing("{\(parameter.name)}", with: parameter.name.uppercased())
        }
        var line = "curl -i"
        if method != "GET" { line += " -X \(method)" }
        line += " '\(server)\(path)'"
        if case .knownCaller = route.access { line += " \\\n  -H \"Authorization: Bearer $TOKEN\"" }
        if let body = route.body {
            line += " \\\n  -H 'Content-Type: \(body.mediaType.essence)'"
            line += " \\\n  --data-raw '\(body.example.replacing("'", with: #"'\''"#))'"
        }
        return line
    }
}

extension JSONSchema {
    /// The values there are, as a query spells them; `nil` for too many to choose from.
    fileprivate var choices: [String]? {
        switch form {
        case .bool: ["true", "false"]
        case .true: ["true"]
        case .text(let rules) where !rules.choices.isEmpty: rules.choices
        default: nil
        }
    }
}
