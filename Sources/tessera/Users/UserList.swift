import TesseraCore
import TesseraJOSE
import TesseraJSON

/// `tessera user list`
enum UserList {
    static let command = Command(
        "list", "List all users, the oldest first.",
        parameters: [CommonParameters.json] + CommonParameters.workspace,
        examples: ["tessera user list", "tessera user list --json"],
        database: .reads
    ) { invocation in
        let users = try await Workspace.open(invocation) { try await $0.allUsers() }
        if invocation[CommonParameters.json] {
            invocation.console.printJSON { json in
                json.array { json in for user in users { json.object { $0.members(of: user) } } }
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
            invocation.console.print("\(Table(["EMAIL", "NAME", "ROLE", "STATE", "CREATED", "ID"], rows))")
        }
    }
}

extension JSONWriter {
    fileprivate mutating func members(of user: User) {
        member("id", user.id.description)
        member("email", user.email.text)
        member("username", user.username)
        member("admin", user.isOperator)
        member("created_at", user.createdAt.rfc3339)
        member("disabled_at", user.disabledAt?.rfc3339)
    }
}
