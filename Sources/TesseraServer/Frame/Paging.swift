import TesseraHTML

/// The links from a page of a list to the first one and to the next one.
struct Paging: Sendable {
    /// The address of the first page; nil on it.
    var first: String?
    /// The address of the next page; nil on the last.
    var next: String?
}

extension Paging {
    /// Links to pages of the list at `path`. All pages share `kept`, such as `cause=expired`; `next` is such as `before=ID`.
    init(of path: String, keeping kept: String? = nil, isFirst: Bool, next: String?) {
        self.init(
            first: isFirst ? nil : path + (kept.map { "?\($0)" } ?? ""),
            next: next.map { "?" + (kept.map { "\($0)&" } ?? "") + $0 })
    }
}

extension Page {
    /// Leads to the first page and to the next one; nothing for a list of one page. `things` is for screen readers.
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
