import TesseraHTML
import TesseraHTTP
import TesseraOpenAPI

/// `/docs`: what programs can call, to read and to try.
///
/// Everything that can be read is there without a script; `docs.js` adds the search and the trying out.
struct ReferencePage: Page {
    var context: PageContext
    var reference: Reference

    var title: String { "API reference" }
    var assets: [Asset] { [Assets.referenceStylesheet, Assets.referenceScript] }

    var beside: HTML? {
        details(.class("settings contents")) {
            summary {
                Icon.menu
                span { "Contents" }
            }
            nav(Attribute("aria-label", "Operations")) { reference.contents }
        }
    }

    var content: HTML {
        div {
            p(.class("kicker")) { "API reference" }
            h1 { bdi { reference.title } }
            reference.introduction
        }
        identity
        search
        reference.operations
        reference.shapes
    }

    /// As whom to try a call. Shown by the script, without which nothing can be tried.
    private var identity: HTML {
        section(
            .id("identity"), .class("card stack"), Attribute("aria-labelledby", "identity-heading"), .hidden
        ) {
            div {
                h2(.id("identity-heading")) { "Try it" }
                p(.class("muted")) { "Calls from this page are real: what they change is changed." }
            }
            fieldset(.class("choices")) {
                legend { "Call as" }
                if let person = context.person {
                    choice("session", isChosen: true) {
                        "Me, by my session"
                        span(.class("help")) { bdi { person.email } }
                    }
                }
                choice("token", isChosen: context.person == nil) { "A program with a token" }
                choice("nobody") { "Nobody" }
            }
            div(.class("field"), .id("token-field"), .when(context.person != nil, .hidden)) {
                label(.for("docs-token")) { "Access token" }
                input(
                    .type("password"), .id("docs-token"), .autocomplete("off"),
                    Attribute("spellcheck", "false"),
                    .describedBy(["docs-token-help", "docs-token-error"]))
                div(.class("field-errors"), .id("docs-token-error"), .role("alert")) {}
                p(.class("help"), .id("docs-token-help")) {
                    "It stays in the memory of this page, is stored nowhere, and is gone when you leave. "
                    if context.person == nil {
                        a(.href("/login?next=/docs")) { "Sign in" }
                        " to call without one."
                    }
                }
            }
        }
    }

    private func choice(
        _ value: String, isChosen: Bool = false, @HTMLBuilder content: () -> HTML
    ) -> HTML {
        label(.class("choice")) {
            input(.type("radio"), .name("identity"), .value(value), .checked(isChosen))
            span { content() }
        }
    }

    private var search: HTML {
        div(.class("field"), .id("search"), .role("search"), .hidden) {
            label(.for("docs-search")) { "Search operations" }
            input(.type("search"), .id("docs-search"), .autocomplete("off"), Attribute("spellcheck", "false"))
            p(.class("help"), .id("docs-found"), .role("status")) {}
        }
    }
}

/// A description as HTML: the part of the page that is the same for every reader, made once.
struct Reference: Markup, Sendable {
    let title: String
    let introduction: HTML
    /// Links to all operations.
    let contents: HTML
    let operations: HTML
    /// The schemas that have a name, which operations refer to.
    let shapes: HTML

    init(_ api: APIDescription) {
        title = api.title
        introduction = Self.introduction(of: api)
        contents = Self.contents(of: api)
        operations = Self.operations(of: api)
        shapes = Self.shapes(of: api)
    }
}

extension Reference {
    fileprivate static func introduction(of api: APIDescription) -> HTML {
        let markup = SchemaMarkup()
        var parts: [HTML] = []
        for (number, paragraph) in OpenAPIDocument.introduction(of: api).split(separator: "\n\n").enumerated()
        {
            let text = markup.text(String(paragraph))
            parts.append(
                markup.p(.class(number == 0 && !api.info.summary.isEmpty ? "lead" : "muted")) { text })
        }
        let document = markup.p(.class("muted")) {
            "Version \(api.info.version), as a document for tools: "
            markup.a(.href("/openapi.json")) { "OpenAPI 3.1" }
            "."
        }
        return HTML(parts + [document])
    }

    fileprivate static func contents(of api: APIDescription) -> HTML {
        let markup = SchemaMarkup()
        return HTML(
            api.tags.map { tag in
                markup.div(.class("group")) {
                    markup.p(.class("group-name")) { tag.name }
                    markup.ul {
                        for route in api.routes(of: tag) {
                            markup.li(Attribute("data-operation", route.operation.id)) {
                                markup.a(.href("#\(route.operation.id)")) { route.operation.summary }
                            }
                        }
                    }
                }
            })
    }

    fileprivate static func operations(of api: APIDescription) -> HTML {
        let markup = SchemaMarkup()
        return HTML(
            api.tags.map { tag in
                let id = "tag-" + tag.name.lowercased().replacing(" ", with: "-")
                return markup.section(.class("group"), Attribute("aria-labelledby", id)) {
                    markup.h2(.id(id), .class("group-heading")) { tag.name }
                    markup.p(.class("muted")) { markup.text(tag.meaning) }
                    markup.div(.class("operations card")) {
                        for route in api.routes(of: tag) { OperationMarkup(route, of: api).html }
                    }
                }
            })
    }

    fileprivate static func shapes(of api: APIDescription) -> HTML {
        let markup = SchemaMarkup()
        let bodies = Set(api.routes.compactMap { $0.body?.schema.name })
        let shapes = api.schemas.filter { !bodies.contains($0.name) }
        guard !shapes.isEmpty else { return HTML() }
        return markup.section(.class("group"), Attribute("aria-labelledby", "shapes")) {
            markup.h2(.id("shapes"), .class("group-heading")) { "Shapes" }
            markup.p(.class("muted")) { "What answers are made of. Later releases may add members." }
            markup.div(.class("operations card")) {
                for shape in shapes {
                    markup.details(.class("operation")) {
                        markup.summary { markup.h3 { markup.code { shape.name } } }
                        markup.div(.class("operation-body"), .id("shape-\(shape.name)")) {
                            markup.definition(of: shape.schema)
                        }
                    }
                }
            }
        }
    }
}

extension APIDescription {
    func routes(of tag: APITag) -> [DescribedRoute] { routes.filter { $0.operation.tag.name == tag.name } }
}
