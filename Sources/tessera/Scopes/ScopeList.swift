import TesseraCore
import TesseraJSON
import TesseraServer

/// `tessera scope list`
enum ScopeList {
    static let command = Command(
        "list", "List the catalogue of scopes.",
        parameters: [CommonParameters.json] + CommonParameters.workspace,
        examples: ["tessera scope list"],
        database: .reads
    ) { invocation in
        let scopes = try await Workspace.open(invocation) { $0.authority.catalogue.definitions }
        if invocation[CommonParameters.json] {
            invocation.console.printJSON { json in
                json.array { json in
                    for scope in scopes {
                        json.object { json in
                            json.member("name", scope.name.text)
                            json.member("description", scope.description)
                            json.member("for_operators", scope.isForOperators)
                        }
                    }
                }
            }
        } else {
            let rows = scopes.map { scope in
                [scope.name.text, scope.isForOperators ? "operators" : "everybody", scope.description]
            }
            invocation.console.print("\(Table(["NAME", "FOR", "DESCRIPTION"], rows))")
        }
    }
}
