import TesseraHTTP

/// The path below which the service is reached: that of the issuer, such as `/auth`; empty for a host of its own.
///
/// Inside, all paths begin at the root of the service, and no handler and no page knows of this one. It is put in front
/// of an address in two places, where an answer leaves: `HTML.document(below:)` for the pages, and
/// ``TesseraHTTP/Responder`` `at(_:leadsTo:)` for the fields `Location` and `Link`. The same layer takes it away from
/// requests whose proxy has not.
struct SitePath: Sendable, Hashable {
    /// Empty, or a slash and segments without a slash at the end.
    let text: String

    /// A service that has its host for itself.
    static let root = SitePath(text: "")

    private init(text: String) { self.text = text }

    /// - Parameter issuer: A URL as ``Issuer`` describes it.
    init(issuer: String) {
        text = String(issuer.utf8.dropFirst(Self.originLength(of: issuer))) ?? ""
    }

    /// The scheme and the authority of an issuer, as browsers write them in `Origin`.
    static func origin(ofIssuer issuer: String) -> String {
        String(issuer.utf8.prefix(originLength(of: issuer))) ?? issuer
    }

    private static func originLength(of issuer: String) -> Int {
        let slash = UInt8(ascii: "/")
        let bytes = Array(issuer.utf8)
        guard let first = bytes.firstIndex(of: slash), bytes.count > first + 2, bytes[first + 1] == slash
        else {
            return bytes.count
        }
        return bytes[(first + 2)...].firstIndex(of: slash) ?? bytes.count
    }

    /// The address of a path of the service, as clients have to ask for it.
    func address(_ path: String) -> String { text + path }

    /// The path inside the service of an address below this path; `nil` for others: `/authority` is not below `/auth`.
    func inside(_ address: String) -> String? {
        guard !text.isEmpty, address.utf8.starts(with: text.utf8) else { return nil }
        let rest = address.utf8.dropFirst(text.utf8.count)
        switch rest.first {
        case nil: return "/"
        case UInt8(ascii: "/"): return String(rest)
        default: return nil
        }
    }
}

extension Responder {
    /// The same service below the path of a site.
    ///
    /// A proxy may take the path away before it passes a request on, or leave it: both are understood. A request whose
    /// path begins with it, though the service has no such path inside and has the whole one, is taken as one from which
    /// it was taken away.
    ///
    /// - Parameter isPath: Whether the service has a route for a path.
    func at(_ site: SitePath, leadsTo isPath: @escaping @Sendable (String) -> Bool) -> Responder {
        guard site != .root else { return self }
        @Sendable func entered(_ request: Request) -> Request {
            guard let inside = site.inside(request.path), isPath(inside) || !isPath(request.path) else {
                return request
            }
            var request = request
            request.path = inside
            return request
        }
        let (immediate, handler) = (immediate, handler)
        let later: Handler = { request in site.leading(try await handler(entered(request))) }
        guard let immediate else { return Responder(handler: later) }
        let now: ImmediateHandler = { request in
            guard let response = try immediate(entered(request)) else { return nil }
            return site.leading(response)
        }
        return Responder(immediate: now, handler: later)
    }
}

extension SitePath {
    /// The answer with the path in front of where its fields lead.
    fileprivate func leading(_ response: Response) -> Response {
        guard response.fields.contains(.location) || response.fields.contains(.link) else { return response }
        var response = response
        if let location = response.fields[.location], Self.isPath(location) {
            response.fields[.location] = address(location)
        }
        let links = response.fields.values(of: .link)
        if !links.isEmpty {
            response.fields.remove(.link)
            for link in links { response.fields.append(.link, leading(link: link)) }
        }
        return response
    }

    /// A value of `Link` (RFC 8288 §3) with the path in front of each target that is a path. The targets stand in angle
    /// brackets.
    private func leading(link: String) -> String {
        var result = ""
        var rest = link[...]
        while let bracket = rest.firstIndex(of: "<") {
            let start = rest.index(after: bracket)
            result += rest[..<start]
            rest = rest[start...]
            if Self.isPath(rest) { result += text }
        }
        return result + rest
    }

    /// Reports whether a reference is a path of this host (RFC 3986 §4.2); `//host` is not.
    private static func isPath(_ reference: some StringProtocol) -> Bool {
        reference.utf8.first == UInt8(ascii: "/") && reference.utf8.dropFirst().first != UInt8(ascii: "/")
    }
}
