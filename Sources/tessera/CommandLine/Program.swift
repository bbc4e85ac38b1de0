import Glibc
import TesseraCore
import TesseraCrypto

/// Runs a command line and ends the process with its status: 0 done, 1 failed, 2 wrong usage.
struct Program {
    /// The version of the program and of the project.
    static let version = "0.1.0"

    let root: Command
    var console = Console.standard

    func run(_ arguments: [String] = ProcessArguments.all) async -> Never {
        let reader = ArgumentReader(
            root: root, environment: ProcessEnvironment.variables, readFile: TextFile.read)
        do {
            switch try reader.read(arguments) {
            case .help(let path): console.print(String(HelpText(path).description.dropLast()))
            case .version: console.print("\(root.name) \(Self.version)")
            case .run(let command, let values):
                try await command.action?(Invocation(values, of: command, console: console))
            }
        } catch {
            exit(report(error))
        }
        exit(0)
    }

    /// Reports an error in one line, and returns the exit status.
    private func report(_ error: any Error) -> Int32 {
        switch error {
        case let error as UsageError:
            let guess = error.suggestion.map { " Did you mean \($0)?" } ?? ""
            note(error.sentence + guess)
            if !error.path.isEmpty { console.note("Try ‘\(error.path) --help’.") }
            return 2
        case let error as Failure:
            note(error.sentence)
        case let error as InvalidInput:
            note(error.problems.map { "\($0.path): \($0.message)" }.joined(separator: " "))
        case let conflict as TokenConflict:
            note(conflict.sentence)
        case let error as StoreError:
            note(error.sentence)
        case let error as PasswordError:
            note("\(error).")
        default:
            note("\(error)")
        }
        return 1
    }

    private func note(_ sentence: String) {
        console.note("\(root.name): \(Printable.escaped(sentence))")
    }
}
