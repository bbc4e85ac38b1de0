/// A type that writes HTML: it has the elements in scope by their own names.
///
/// The names are members, not global functions, because `p`, `select` and `time` mean other things elsewhere.
package protocol Markup {}

extension Markup {
    package func element(_ name: StaticString, _ attributes: [Attribute], _ content: () -> HTML) -> HTML {
        HTML(element: name, attributes, content: content())
    }
}

// MARK: - Document

extension Markup {
    package func html(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("html", attributes, content)
    }
    package func head(@HTMLBuilder content: () -> HTML) -> HTML { element("head", [], content) }
    package func body(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("body", attributes, content)
    }
    /// The document's `title`; named so that it does not meet a page's own ``Page/title``.
    package func documentTitle(_ text: String) -> HTML { element("title", []) { HTML(text: text) } }
    package func meta(_ attributes: Attribute...) -> HTML { HTML(void: "meta", attributes) }
    package func link(_ attributes: Attribute...) -> HTML { HTML(void: "link", attributes) }
    /// A script from a file of this site; the policy of the pages allows no other.
    package func script(_ attributes: Attribute...) -> HTML {
        HTML(element: "script", attributes, content: HTML())
    }
}

// MARK: - Sections

extension Markup {
    package func header(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("header", attributes, content)
    }
    package func main(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("main", attributes, content)
    }
    package func footer(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("footer", attributes, content)
    }
    package func nav(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("nav", attributes, content)
    }
    package func section(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("section", attributes, content)
    }
    package func div(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("div", attributes, content)
    }
    package func details(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("details", attributes, content)
    }
    package func summary(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("summary", attributes, content)
    }
    package func h1(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("h1", attributes, content)
    }
    package func h2(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("h2", attributes, content)
    }
    package func h3(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("h3", attributes, content)
    }
    package func h4(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("h4", attributes, content)
    }
}

// MARK: - Text and lists

extension Markup {
    package func p(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("p", attributes, content)
    }
    package func pre(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("pre", attributes, content)
    }
    package func span(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("span", attributes, content)
    }
    package func a(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("a", attributes, content)
    }
    package func strong(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("strong", attributes, content)
    }
    package func code(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("code", attributes, content)
    }
    /// Text of unknown direction, kept from turning the text around it.
    package func bdi(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("bdi", attributes, content)
    }
    package func time(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("time", attributes, content)
    }
    package func ul(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("ul", attributes, content)
    }
    package func li(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("li", attributes, content)
    }
    package func dl(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("dl", attributes, content)
    }
    package func dt(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("dt", attributes, content)
    }
    package func dd(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("dd", attributes, content)
    }
}

// MARK: - Forms

extension Markup {
    package func form(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("form", attributes, content)
    }
    package func fieldset(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("fieldset", attributes, content)
    }
    package func legend(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("legend", attributes, content)
    }
    package func label(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("label", attributes, content)
    }
    package func input(_ attributes: Attribute...) -> HTML { HTML(void: "input", attributes) }
    package func select(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("select", attributes, content)
    }
    package func option(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("option", attributes, content)
    }
    package func textarea(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("textarea", attributes, content)
    }
    package func button(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
        element("button", attributes, content)
    }
}
