/// A command with its parent commands: `tessera token create`. Never empty.
struct CommandPath: Sendable, CustomStringConvertible {
    let commands: [Command]

    init(_ root: Command) { commands = [root] }
    private init(_ commands: [Command]) { self.commands = commands }

    var last: Command { commands[commands.count - 1] }
    var isRoot: Bool { commands.count == 1 }

    func appending(_ command: Command) -> CommandPath { CommandPath(commands + [command]) }

    var description: String { commands.map(\.name).joined(separator: " ") }
}
