import TesseraCore
import TesseraHTTP
import TesseraOpenAPI

/// Routes need scopes that the catalogue lacks. The service does not start, because no token could call them.
public struct MissingScopes: Error, Sendable, CustomStringConvertible {
    private let missing: [(route: Route, scope: String)]

    /// The scopes of a router that a catalogue lacks; `nil` when it has all of them.
    init?(_ router: Router, _ catalogue: ScopeCatalogue) {
        let known = Set(catalogue.definitions.map(\.name.text))
        missing = router.describedRoutes.flatMap { route in
            route.scopes.filter { !known.contains($0) }.map { (route.route, $0) }
        }
        if missing.isEmpty { return nil }
    }

    /// A sentence for each route, and the remedy.
    public var description: String {
        missing.map { route, scope in
            "\(route) needs the scope \(scope), which the catalogue lacks: "
                + "add a ScopeDefinition to AuthorityConfiguration.scopes, or run `tessera scope add \(scope) DESCRIPTION`."
        }.joined(separator: "\n")
    }
}
