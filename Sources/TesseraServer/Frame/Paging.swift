import TesseraHTML

/// The links from a page of a list to the first one and to the next one.
struct Paging: Sendable {
    /// The address of the first page; nil on it.
    var first: String?
    /// The address of the next page; nil on the last.
    var next: String?

    init(first: String? = nil, next: String? = nil) {
        self.first = first
        self.next = next
    }

    /// - Parameters:
    ///   - path: The address of the list.
    ///   - kept: The query that all pages share, such as `cause=expired`.
    ///   - isFirst: Indicates that this is the first page.
    ///   - next: The part of the query where the next page begins, such as `before=ID`; nil on the last.
    init(of path: String, keeping kept: String? = nil, isFirst: Bool, next: String?) {
        first = isFirst ? nil : path + (kept.map { "?\($0)" } ?? "")
        self.next = next.map { "?" + (kept.map { "\($0)&" } ?? "") + $0 }
    }
}

extension Page {
    /// Leads to the first page and to the next one; nothing for a list of one page.
    ///
    /// - Parameter things: The things in the list, for a screen reader.
    @HTMLBuilder func links(
        _ paging: Paging, of things: String, first: String = "Newest", next: String = "Older"
    ) -> HTML {
        if paging.first != nil || paging.next != nil {
            nav(.class("paging"), Attribute("aria-label", "Pages of \(things)")) {
                if let address = paging.first { a(.class("button"), .href(address)) { first } }
                if let address = paging.next { a(.class("button"), .rel("next"), .href(address)) { next } }
            }
        }
    }
}
