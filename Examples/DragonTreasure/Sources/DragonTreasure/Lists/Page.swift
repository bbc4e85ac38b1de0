import Tessera

/// A part of a list and its place in it. A page past the end is empty.
struct Page<Item: Sendable>: Sendable {
    let number: PageNumber
    let items: [Item]
    /// The number of items on all pages.
    let total: Int

    /// The number of pages.
    var pages: Int { (total + PageNumber.size - 1) / PageNumber.size }

    /// The value of a field `Link` (RFC 8288 §3) that leads to the other pages of the same list.
    func links(for request: Request) -> String {
        let last = max(pages, 1)
        var links = [("first", 1)]
        if number.number > 1 { links.append(("prev", min(number.number - 1, last))) }
        if number.number < last { links.append(("next", number.number + 1)) }
        links.append(("last", last))
        return links.map { relation, page in "<\(request.target(page: page))>; rel=\"\(relation)\"" }
            .joined(separator: ", ")
    }
}

extension JSONWriter {
    /// Writes a page; `item` writes one of its items.
    mutating func page<Item>(_ page: Page<Item>, _ item: (inout JSONWriter, Item) -> Void) {
        object { json in
            json.member("total", page.total)
            json.member("page", page.number.number)
            json.member("pages", page.pages)
            json.member("items") { json in
                json.array { json in for element in page.items { item(&json, element) } }
            }
        }
    }
}

extension Request {
    /// The path of this request with the same query, but for the page.
    fileprivate func target(page: Int) -> String {
        // The query was read once to make the page, so it is well-formed.
        let others = (try? queryParameters().pairs.filter { $0.name != "page" }) ?? []
        let pairs = others.map { ($0.name, $0.value) } + [("page", String(page))]
        return PercentEncoding.path(path) + "?" + FormEncoding.encode(pairs)
    }
}

extension JSONSchema {
    /// A page of items with this schema.
    static func page(of item: JSONSchema) -> JSONSchema {
        object(
            .required("total", .integer(0...Int64.max), "The number of items on all pages."),
            .required("page", .integer(1...Int64.max)),
            .required("pages", .integer(0...Int64.max)),
            .required("items", .array(of: item, count: 0...PageNumber.size)))
    }
}
