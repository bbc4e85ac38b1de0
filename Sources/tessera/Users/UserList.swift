import TesseraCore
import TesseraJSON
import TesseraTime

/// `tessera user list`
enum UserList {
    static let command = Command(
        "list", "List all users, oldest first.",
        parameters: [CommonParameters.json] + CommonParameters.workspace,
        examples: ["tessera user list", "tessera user list --json"],
        database: .reads
    ) { invocation in
        let (users, irregular) = try await Workspace.open(invocation) { workspace in
            (try await workspace.allUsers(), try await workspace.store.irregularAddresses(limit: .max))
        }
        if invocation[CommonParameters.json] {
            let byUser = Dictionary(irregular.map { ($0.user, $0) }) { first, _ in first }
            invocation.console.printJSON { json in
                json.array { json in
                    for user in users { json.object { $0.members(of: user, byUser[user.id]) } }
                }
            }
        } else if users.isEmpty {
            invocation.console.note("There are no users yet.")
        } else {
            let rows = users.map { user in
                [
                    user.email.text, user.username, user.isOperator ? "operator" : "user",
                    user.disabledAt.map { "disabled since \($0.inTable)" } ?? "active",
                    user.createdAt.inTable,
                    user.id.description,
                ]
            }
            for address in irregular { invocation.console.note(address.sentence) }
            invocation.console.print("\(Table(["EMAIL", "NAME", "ROLE", "STATE", "CREATED", "ID"], rows))")
        }
    }
}

extension JSONWriter {
    fileprivate mutating func members(of user: User, _ irregular: IrregularAddress?) {
        member("id", user.id.description)
        member("email", user.email.text)
        member("username", user.username)
        member("admin", user.isOperator)
        member("created_at", user.createdAt.rfc3339)
        member("disabled_at", user.disabledAt?.rfc3339)
        guard let irregular else { return }
        member("address_of", irregular.holder?.description)
        member("notice", irregular.sentence)
    }
}
