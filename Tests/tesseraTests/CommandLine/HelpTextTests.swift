import Testing

@testable import tessera

@Suite struct HelpTextTests {
    /// Every command of the program, with those above it.
    static let paths: [CommandPath] = {
        func below(_ path: CommandPath) -> [CommandPath] {
            [path] + path.last.subcommands.flatMap { below(path.appending($0)) }
        }
        return below(CommandPath(.tessera))
    }()

    @Test(arguments: paths)
    func helpTellsUsageAndEveryParameter(path: CommandPath) {
        let help = HelpText(path).description
        #expect(help.contains("Usage:\n  \(path)"))
        #expect(help.contains("--help"))
        for parameter in path.last.parameters { #expect(help.contains(parameter.shape.name)) }
        for command in path.last.subcommands { #expect(help.contains(command.summary)) }
    }

    @Test(arguments: paths)
    func commandThatRunsHasAnExample(path: CommandPath) {
        guard path.last.action != nil else { return }
        #expect(path.last.examples.contains { $0.hasPrefix(path.description) })
    }

    @Test(arguments: paths)
    func exampleIsGoodUsage(path: CommandPath) throws {
        for example in path.last.examples {
            // Quoted words hold no spaces of their own after this; what stands behind `<` is the shell's.
            let words = example.replacing("\"", with: "").split(separator: " ").map(String.init)
            var arguments = Array(words.dropFirst().prefix { $0 != "<" })
            if arguments.prefix(2) == ["scope", "add"] { arguments = Array(arguments.prefix(4)) }
            let reader = ArgumentReader(root: .tessera, environment: [:]) { _ in "" }
            _ = try reader.read(arguments)
        }
    }

    @Test(arguments: paths)
    func parametersOfACommandHaveDifferentNames(path: CommandPath) {
        let names = path.last.parameters.map(\.shape.name)
        #expect(Set(names).count == names.count)
    }
}
