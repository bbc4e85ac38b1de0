/// The routes of a service in the form in which requests look them up.
///
/// A path without parameters is found by its length and its bytes, and allocates nothing. Others walk a tree by segment, in which a
/// literal segment comes before a parameter; each node is visited at most once for a path.
struct RouteTable: Sendable {
    /// A route as registered.
    struct Entry: Sendable {
        var method: Method
        var pattern: RoutePattern
        var responder: Responder
        var description: (any RouteDescription)?
        var errors: ErrorStyle?
    }

    /// A route as requests find it.
    ///
    /// An object, so that finding it counts one reference and not those of all its parts.
    final class Found: Sendable {
        let method: Method
        let parameterNames: [String]
        let responder: Responder
        let errors: ErrorStyle?

        init(_ entry: Entry) {
            method = entry.method
            parameterNames = entry.pattern.parameterNames
            responder = entry.responder
            errors = entry.errors
        }
    }

    /// The routes of one path, and the `Allow` field that names their methods.
    final class Resource: Sendable {
        let routes: [Found]
        let allow: Fields

        init(_ entries: [Entry]) {
            routes = entries.map(Found.init)
            allow = RouteTable.allow(routes.map(\.method))
        }

        /// The route for this method; `HEAD` is answered by `GET` unless it has its own (RFC 9110 §9.3.2).
        func route(for method: Method) -> Found? {
            for route in routes where route.method == method { return route }
            return method == .head ? self.route(for: .get) : nil
        }
    }

    /// The resource of a path, and the ranges of its parameters in the bytes of the path.
    struct Match {
        var resource: Resource
        var parameters: [Range<Int>] = []
    }

    /// The `Allow` field that names the methods of all paths together.
    let allow: Fields
    private let literals: LiteralPaths
    private let tree: Node

    init(_ entries: [Entry]) {
        allow = Self.allow(entries.map(\.method))
        var byShape: [String: [Entry]] = [:]
        for entry in entries { byShape[entry.pattern.shape, default: []].append(entry) }
        var literals: [(path: String, resource: Resource)] = []
        var patterns: [(segments: ArraySlice<RoutePattern.Segment>, resource: Resource)] = []
        for (shape, entries) in byShape {
            let resource = Resource(entries)
            if entries[0].pattern.parameterNames.isEmpty {
                literals.append((shape, resource))
            } else {
                patterns.append((entries[0].pattern.segments[...], resource))
            }
        }
        self.literals = LiteralPaths(literals)
        tree = Node(patterns)
    }

    /// The `Allow` field for these methods, for `HEAD` where there is `GET`, and for `OPTIONS`.
    private static func allow(_ methods: [Method]) -> Fields {
        var methods = Set(methods)
        if methods.contains(.get) { methods.insert(.head) }
        methods.insert(.options)
        return [.allow: methods.map(\.text).sorted().joined(separator: ", ")]
    }

    /// Finds the resource of a decoded path without parameters, comparing bytes.
    func literal(_ path: String) -> Resource? { literals.find(path) }

    /// Finds the resource of a decoded path, comparing bytes.
    func match(_ path: String) -> Match? {
        if let resource = literal(path) { return Match(resource: resource) }
        if tree.isLeaf { return nil }
        var path = path
        return path.withUTF8 { bytes in
            guard bytes.first == 0x2F else { return nil }
            var parameters: [Range<Int>] = []
            guard let resource = tree.find(in: bytes, from: 1, &parameters) else { return nil }
            return Match(resource: resource, parameters: parameters)
        }
    }

    /// The paths without parameters, by their length: of one length there are few, and bytes are quickly compared.
    ///
    /// `String` would not do as a key: it takes U+212A (the Kelvin sign) for the letter `K`.
    private struct LiteralPaths: Sendable {
        private var byLength: [[(bytes: [UInt8], resource: Resource)]] = []

        init(_ paths: [(path: String, resource: Resource)]) {
            for (path, resource) in paths {
                let bytes = Array(path.utf8)
                while byLength.count <= bytes.count { byLength.append([]) }
                byLength[bytes.count].append((bytes, resource))
            }
        }

        func find(_ path: String) -> Resource? {
            var path = path
            return path.withUTF8 { path -> Resource? in
                guard path.count < byLength.count else { return nil }
                for candidate in byLength[path.count] where candidate.bytes.isEqual(to: path) {
                    return candidate.resource
                }
                return nil
            }
        }
    }

    /// The segments that may follow one segment.
    private final class Node: Sendable {
        private let resource: Resource?
        private let literals: [(bytes: [UInt8], node: Node)]
        private let parameter: Node?

        init(_ patterns: [(segments: ArraySlice<RoutePattern.Segment>, resource: Resource)]) {
            resource = patterns.first { $0.segments.isEmpty }?.resource
            typealias Rest = (segments: ArraySlice<RoutePattern.Segment>, resource: Resource)
            var byLiteral: [String: [Rest]] = [:]
            var behindParameter: [Rest] = []
            for pattern in patterns {
                switch pattern.segments.first {
                case .literal(let text):
                    byLiteral[text, default: []].append((pattern.segments.dropFirst(), pattern.resource))
                case .parameter:
                    behindParameter.append((pattern.segments.dropFirst(), pattern.resource))
                case nil:
                    break
                }
            }
            literals = byLiteral.map { (Array($0.key.utf8), Node($0.value)) }
            parameter = behindParameter.isEmpty ? nil : Node(behindParameter)
        }

        var isLeaf: Bool { literals.isEmpty && parameter == nil }

        /// Matches the rest of `path` from `start` on, which is behind a slash or behind the end.
        func find(in path: UnsafeBufferPointer<UInt8>, from start: Int, _ parameters: inout [Range<Int>])
            -> Resource?
        {
            if start > path.count { return resource }
            let end = path[start...].firstIndex(of: 0x2F) ?? path.count
            for literal in literals where literal.bytes.elementsEqual(path[start..<end]) {
                if let found = literal.node.find(in: path, from: end + 1, &parameters) { return found }
            }
            guard let parameter, end > start else { return nil }
            parameters.append(start..<end)
            if let found = parameter.find(in: path, from: end + 1, &parameters) { return found }
            parameters.removeLast()
            return nil
        }
    }
}
