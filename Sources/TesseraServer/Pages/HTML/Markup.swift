/// A type that writes HTML: it has the elements in scope by their own names.
///
/// The names are members, not global functions, because `p`, `select` and `time` mean other things elsewhere.
protocol Markup {}

extension Markup {
    func element(_ name: StaticString, _ attributes: [Attribute], _ content: () -> HTML) -> HTML {
        HTML(element: name, attributes, content: content())
    }
}

// MARK: - Document

extension Markup {
    func html(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("html", attributes, content)
    }
    func head(@HTMLBuilder content: () -> HTML) -> HTML { element("head", [], content) }
    func body(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("body", attributes, content)
    }
    /// The document's `title`; named so that it does not meet a page's own ``Page/title``.
    func documentTitle(_ text: String) -> HTML { element("title", []) { HTML(text: text) } }
    func meta(_ attributes: Attribute...) -> HTML { HTML(void: "meta", attributes) }
    func link(_ attributes: Attribute...) -> HTML { HTML(void: "link", attributes) }
    /// A script from a file of this site; the policy of the pages allows no other.
    func script(_ attributes: Attribute...) -> HTML { HTML(element: "script", attributes, content: HTML()) }
}

// MARK: - Sections

extension Markup {
    func header(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("header", attributes, content)
    }
    func main(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("main", attributes, content)
    }
    func footer(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("footer", attributes, content)
    }
    func nav(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("nav", attributes, content)
    }
    func section(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("section", attributes, content)
    }
    func div(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("div", attributes, content)
    }
    func details(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("details", attributes, content)
    }
    func summary(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("summary", attributes, content)
    }
    func h1(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("h1", attributes, content)
    }
    func h2(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("h2", attributes, content)
    }
    func h3(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("h3", attributes, content)
    }
    func h4(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("h4", attributes, content)
    }
}

// MARK: - Text and lists

extension Markup {
    func p(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("p", attributes, content)
    }
    func pre(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("pre", attributes, content)
    }
    func span(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("span", attributes, content)
    }
    func a(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("a", attributes, content)
    }
    func strong(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("strong", attributes, content)
    }
    func code(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("code", attributes, content)
    }
    /// Text of unknown direction, kept from turning the text around it.
    func bdi(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("bdi", attributes, content)
    }
    func time(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("time", attributes, content)
    }
    func ul(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("ul", attributes, content)
    }
    func li(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("li", attributes, content)
    }
    func dl(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("dl", attributes, content)
    }
    func dt(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("dt", attributes, content)
    }
    func dd(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("dd", attributes, content)
    }
}

// MARK: - Forms

extension Markup {
    func form(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("form", attributes, content)
    }
    func fieldset(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("fieldset", attributes, content)
    }
    func legend(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("legend", attributes, content)
    }
    func label(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("label", attributes, content)
    }
    func input(_ attributes: Attribute...) -> HTML { HTML(void: "input", attributes) }
    func select(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("select", attributes, content)
    }
    func option(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("option", attributes, content)
    }
    func textarea(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("textarea", attributes, content)
    }
    func button(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("button", attributes, content)
    }
}
